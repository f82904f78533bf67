/**
 * The receptive field of a cell: which cells of the network's input it depends on. Found by walking back through the graph with
 * a mark for each element, so that it is exact: dilation leaves gaps, edges cut it off, a dense layer sees all.
 */
import { elementsOf } from "../ops/elements.ts";
import type { Geometry } from "../geometry.ts";
import { sizeOf } from "../shape.ts";
import { expansion, type Tensor } from "../tensor.ts";
import type { Field, Tap, Window } from "./data.ts";
import type { Traced } from "./traced.ts";
import { meetings, type Meeting } from "./window.ts";

/** An element is marked when its number is not 0. */
type Marks = Uint8Array;

/** The part of what the layers were called on that the window's cells of channels that filter `f` sees depend on. */
export function fieldOf(t: Traced, { rows, columns }: Window, n: number, f: number): Field | undefined {
  const { x, map } = t;
  const nodes = order(map);
  // A window of height 1 over a map of height 1 is one over a line, (C, L) or (N, C, L).
  const first = [...nodes.map((node) => node.attrs as Partial<Geometry> | undefined), t.geometry].find(
    (attrs) => attrs?.kernel !== undefined,
  )!;
  const line = x.shape.length < 4 && t.op !== "linear" && first.input![0] === 1;
  if (x.shape.length < 3 && !line) return undefined;
  const marks = new Uint8Array(sizeOf(map.shape));
  const read = (taps: readonly Tap[]): number[] => taps.flatMap(({ reads }) => (reads < 0 ? [] : [reads]));
  for (const c of t.channelsOf(f))
    for (const y of read(rows)) for (const i of read(columns)) marks[t.mapAt(n, c, y, i)] = 1;
  return rectangle(x.shape, marksOf(nodes, x, marks), line);
}

/** The marks of `x` from which the marked elements of the last node are made. */
function marksOf(nodes: readonly Tensor[], x: Tensor, marked: Marks): Marks {
  const marks = new Map<Tensor, Marks>([[nodes.at(-1)!, marked]]);
  for (const y of nodes.toReversed()) {
    const own = marks.get(y);
    if (own === undefined || y === x) continue;
    const inner = y.op.kind === "composite" ? [expansion(y)] : y.inputs;
    const parts = y.op.kind === "composite" ? [own] : through(y, own);
    for (const [i, input] of inner.entries()) {
      const known = marks.get(input);
      const more = parts[i];
      if (more === undefined) continue;
      if (known === undefined) marks.set(input, more.slice());
      else for (let k = 0; k < more.length; k++) known[k]! |= more[k]!;
    }
  }
  return marks.get(x) ?? new Uint8Array(sizeOf(x.shape));
}

/** All nodes up to `y`, each after what it is made of. */
function order(y: Tensor): Tensor[] {
  const done = new Set<Tensor>();
  const open: Tensor[] = [y];
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const inner = at.op.kind === "composite" ? [expansion(at)] : at.inputs;
    const missing = done.has(at) ? [] : inner.filter((t) => !done.has(t));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    open.pop();
    done.add(at);
  }
  return [...done];
}

/** Marks of each operand of a primitive. What is not known here is taken to depend on everything. */
function through(y: Tensor, marks: Marks): (Marks | undefined)[] {
  const { op, inputs, attrs } = y;
  if (op.alias === true) return [marks];
  if (op.pointwise === true) return inputs.map((x) => spread(marks, elementsOf(y.shape, x.shape), x));
  if (moving.has(op.name)) return moved(y, marks);
  const all = inputs.map((x) => new Uint8Array(sizeOf(x.shape)).fill(1));
  const map = inputs[0];
  if (map === undefined) return all;
  switch (op.name) {
    case "conv2d":
    case "pool2d":
      return [windows(y, map, marks, attrs as Geometry, (m) => [m.small, m.large])];
    case "conv2dInputGrad":
      return [windows(y, map, marks, attrs as Geometry, (m) => [m.large, m.small])];
    case "matmul":
      return [products(y, map, marks), all[1]];
    case "reduce": {
      const to = elementsOf(map.shape, y.shape);
      return [new Uint8Array(sizeOf(map.shape)).map(() => marks[to()]!)];
    }
    default:
      return marks.some((m) => m !== 0) ? all : [];
  }
}

function spread(marks: Marks, from: () => number, x: Tensor): Marks {
  const out = new Uint8Array(sizeOf(x.shape));
  for (const mark of marks) out[from()]! |= mark;
  return out;
}

/** Ops that only move elements: run on addresses, they say from where each came. */
const moving: ReadonlySet<string> = new Set(["transpose", "broadcast", "slice", "pad", "concat", "gather"]);

function moved(y: Tensor, marks: Marks): Marks[] {
  const { op, inputs, attrs } = y;
  const data = op.name === "gather" ? inputs.slice(0, 1) : inputs;
  let next = 1;
  const addresses = data.map((x) => Int32Array.from({ length: sizeOf(x.shape) }, () => next++));
  const given = op.name === "gather" ? [addresses[0]!, inputs[1]!.data ?? new Int32Array(0)] : addresses;
  const still = op.name === "pad" ? { ...(attrs as object), value: 0 } : attrs;
  const from = op.value!(given, still, { shape: y.shape, dtype: "i32" }, inputs);
  const out = new Uint8Array(next);
  for (let i = 0; i < marks.length; i++) out[from[i]!]! |= marks[i]!;
  let start = 1;
  return data.map((x) => out.slice(start, (start += sizeOf(x.shape))));
}

/** Channels are not told apart: a field is a matter of rows and columns. */
function windows(
  y: Tensor,
  map: Tensor,
  marks: Marks,
  geometry: Geometry,
  ends: (m: Meeting) => readonly [to: number, from: number],
): Marks {
  const [count, height, width, channels] = map.shape as unknown as readonly [number, number, number, number];
  const depth = y.shape[3]!;
  const out = new Uint8Array(sizeOf(map.shape));
  const columns = meetings(geometry, 1).map(ends);
  for (const row of meetings(geometry, 0).map(ends)) {
    for (const column of columns) {
      for (let n = 0; n < count; n++) {
        const to = ((n * y.shape[1]! + row[0]) * y.shape[2]! + column[0]) * depth;
        const from = ((n * height + row[1]) * width + column[1]) * channels;
        if (marks.subarray(to, to + depth).some((m) => m !== 0)) out.fill(1, from, from + channels);
      }
    }
  }
  return out;
}

/** A marked element of a product needs its row of the left factor; one block of a batch at a time. */
function products(y: Tensor, a: Tensor, marks: Marks): Marks {
  const out = new Uint8Array(sizeOf(a.shape));
  const { ta } = y.attrs as { ta: boolean };
  if (ta || a.shape.length !== 2) return marks.some((m) => m !== 0) ? out.fill(1) : out;
  const [n, k] = [y.shape[1]!, a.shape[1]!];
  for (const [i, mark] of marks.entries())
    if (mark !== 0) out.fill(1, Math.floor(i / n) * k, (Math.floor(i / n) + 1) * k);
  return out;
}

/** The rectangle of the marked cells of (C, H, W), (N, C, H, W); of (C, L), (N, C, L) where `line`. Undefined where none is. */
function rectangle(shape: readonly number[], marks: Marks, line: boolean): Field | undefined {
  const width = shape.at(-1)!;
  const height = line ? 1 : shape.at(-2)!;
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (const [i, mark] of marks.entries()) {
    if (mark === 0) continue;
    const [row, column] = [Math.floor(i / width) % height, i % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  }
  return bottom < 0 ? undefined : { rows: [top, bottom], columns: [left, right] };
}
