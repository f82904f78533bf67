/**
 * What a cell depends on in the network's input, and what a cell of the network's input reaches. Found by walking the graph with
 * a mark for each element, so that it is exact: dilation leaves gaps, edges cut it off, a dense layer sees all.
 */
import type { Geometry } from "../geometry.ts";
import { sizeOf, stridesOf, type Shape } from "../shape.ts";
import { expansion, type Tensor } from "../tensor.ts";
import type { Field, InputCell, Tap, Window } from "./data.ts";
import { linksOf, type Link } from "./links.ts";
import { checkCell, type Traced } from "./traced.ts";

/** An element is marked when its number is not 0. */
type Marks = Uint8Array;

/** The rows and columns of the network's input that the window's cells, in the channels that filter `f` sees, depend on. */
export function fieldOf(t: Traced, { rows, columns }: Window, n: number, f: number): Field | undefined {
  const { x, map } = t;
  const line = isLine(t);
  if (x.shape.length < 3 && !line) return undefined;
  const own = new Uint8Array(sizeOf(map.shape));
  const read = (taps: readonly Tap[]): number[] => taps.flatMap(({ reads }) => (reads < 0 ? [] : [reads]));
  for (const c of t.channelsOf(f)) {
    for (const y of read(rows)) for (const i of read(columns)) own[t.mapAt(n, c, y, i)] = 1;
  }
  const marks = new Map<Tensor, Marks>([[map, own]]);
  for (const y of order(map).toReversed()) {
    const to = marks.get(y);
    if (to === undefined || y === x) continue;
    for (const link of linksOf(y)) spread(link, marksFor(marks, link.operand), to, true);
  }
  return rectangle(marksFor(marks, x), line ? 1 : x.shape.at(-2)!, x.shape.at(-1)!);
}

/** The rows and columns of the last window's output that depend on a cell of the network's input; undefined where none does. */
export function reachOf(t: Traced, cell: InputCell): Field | undefined {
  const { x, result } = t;
  const marks = new Map<Tensor, Marks>([[x, new Uint8Array(sizeOf(x.shape))]]);
  marks.get(x)![addressOf(t, cell)] = 1;
  for (const y of order(result)) {
    if (y === x) continue;
    for (const link of linksOf(y)) {
      const from = marks.get(link.operand);
      if (from !== undefined) spread(link, from, marksFor(marks, y), false);
    }
  }
  const [count, filters, height, width] = t.output;
  const out = marksFor(marks, result);
  const cells = new Uint8Array(height * width);
  for (let n = 0; n < count; n++) {
    for (let f = 0; f < filters; f++) {
      for (let i = 0; i < cells.length; i++) cells[i]! |= out[t.resultAt(n, f, Math.floor(i / width), i % width)]!;
    }
  }
  return rectangle(cells, height, width);
}

function marksFor(marks: Map<Tensor, Marks>, t: Tensor): Marks {
  const own = marks.get(t) ?? new Uint8Array(sizeOf(t.shape));
  marks.set(t, own);
  return own;
}

/** Marks go over from blocks of the output to those of the operand, or the other way. */
function spread({ from, to, pairs }: Link, operand: Marks, output: Marks, back: boolean): void {
  const source = back ? blocksOf(output, to) : blocksOf(operand, from);
  const target = back ? operand : output;
  const size = back ? from : to;
  const side = back ? 1 : 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const goal = pairs[i + 1 - side]! * size;
    if (source[pairs[i + side]!] === 1) target.fill(1, goal, goal + size);
  }
}

/** Which blocks of `size` elements have a mark. */
function blocksOf(marks: Marks, size: number): Marks {
  if (size === 1) return marks;
  const blocks = new Uint8Array(marks.length / size);
  for (let i = marks.indexOf(1); i >= 0; i = marks.indexOf(1, (Math.floor(i / size) + 1) * size))
    blocks[Math.floor(i / size)] = 1;
  return blocks;
}

const orders = new WeakMap<Tensor, readonly Tensor[]>();

/** All nodes up to `y`, each after what it is made of. */
function order(y: Tensor): readonly Tensor[] {
  const known = orders.get(y);
  if (known !== undefined) return known;
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
  orders.set(y, [...done]);
  return [...done];
}

/** Is the network's input (C, L) or (N, C, L)? So it is where its first window has height 1 and stands on maps of height 1. */
function isLine({ op, x, map, geometry }: Traced): boolean {
  const windows = order(map).map(({ attrs }) => attrs as Partial<Geometry> | undefined);
  const first = [...windows, geometry].find((attrs) => attrs?.kernel !== undefined);
  return x.shape.length < 4 && op !== "linear" && first!.input![0] === 1;
}

/** The address of a cell in the network's input. @throws TatamiError `argument` for a cell outside of it. */
function addressOf(t: Traced, { n, c, y, x }: InputCell): number {
  const { shape } = t.x;
  const dims: Shape = isLine(t) ? [...shape.slice(0, -1), 1, shape.at(-1)!] : shape;
  const full = [...[1, 1, 1, 1].slice(dims.length), ...dims] as unknown as readonly [number, number, number, number];
  const cell = checkCell([n, c, y, x], full, ["n", "c", "y", "x"], "reach");
  return stridesOf(full).reduce((at, stride, axis) => at + stride * cell[axis]!, 0);
}

/** What holds all marked cells of maps of a size; undefined where none is marked. */
function rectangle(marks: Marks, height: number, width: number): Field | undefined {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (const [i, mark] of marks.entries()) {
    if (mark === 0) continue;
    const [row, column] = [Math.floor(i / width) % height, i % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  }
  return bottom < 0 ? undefined : { rows: [top, bottom], columns: [left, right] };
}
