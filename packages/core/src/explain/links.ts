/**
 * Which elements of an op's operands its elements depend on, by the op alone, not by values: pairs of blocks. Read from the
 * output to the operands they give a receptive field, the other way all that a pixel reaches.
 */
import type { Geometry } from "../geometry.ts";
import { elementsOf } from "../ops/elements.ts";
import type { MatmulAttrs } from "../ops/matmul.ts";
import { sizeOf } from "../shape.ts";
import { expansion, type Tensor } from "../tensor.ts";
import { meetings, type Meeting } from "./window.ts";

/** Block `pairs[2i]` of `from` elements of the operand and block `pairs[2i + 1]` of `to` elements of the output depend on each other. */
export interface Link {
  readonly operand: Tensor;
  readonly from: number;
  readonly to: number;
  readonly pairs: ArrayLike<number>;
}

const found = new WeakMap<Tensor, readonly Link[]>();

/** What `y` depends on, directly; of a composite it is its meaning. An op that is not known here depends on all of everything. */
export function linksOf(y: Tensor): readonly Link[] {
  let links = found.get(y);
  if (links === undefined) {
    links = linked(y);
    found.set(y, links);
  }
  return links;
}

function linked(y: Tensor): Link[] {
  const { op, inputs, attrs } = y;
  if (op.kind === "composite") return [same(expansion(y))];
  if (op.alias === true) return [same(inputs[0]!)];
  if (op.pointwise === true) {
    return inputs.map((operand) => {
      const at = elementsOf(y.shape, operand.shape);
      return { operand, from: 1, to: 1, pairs: pairs(sizeOf(y.shape), (i) => [at(), i]) };
    });
  }
  if (moving.has(op.name)) return moved(y);
  const [map] = inputs as [Tensor];
  switch (op.name) {
    case "conv2d":
      return [windows(y, map, attrs as Geometry, false), all(y, inputs[1]!)];
    case "pool2d":
      return [windows(y, map, attrs as Geometry, false)];
    case "conv2dInputGrad":
      return [windows(y, map, attrs as Geometry, true), all(y, inputs[1]!)];
    case "matmul": {
      const rows = !(attrs as MatmulAttrs).ta && map.shape.length === 2;
      const [from, to] = [map.shape.at(-1)!, y.shape.at(-1)!];
      const left = { operand: map, from, to, pairs: pairs(y.shape[0]!, (i) => [i, i]) };
      return [rows ? left : all(y, map), all(y, inputs[1]!)];
    }
    case "reduce": {
      const at = elementsOf(map.shape, y.shape);
      return [{ operand: map, from: 1, to: 1, pairs: pairs(sizeOf(map.shape), (i) => [i, at()]) }];
    }
    default:
      return inputs.map((operand) => all(y, operand));
  }
}

function pairs(count: number, pair: (i: number) => readonly [from: number, to: number]): Int32Array {
  const out = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) [out[2 * i], out[2 * i + 1]] = pair(i);
  return out;
}

const same = (operand: Tensor): Link => ({
  operand,
  from: 1,
  to: 1,
  pairs: pairs(sizeOf(operand.shape), (i) => [i, i]),
});

const all = (y: Tensor, operand: Tensor): Link => ({
  operand,
  from: sizeOf(operand.shape),
  to: sizeOf(y.shape),
  pairs: [0, 0],
});

/** Ops that only move elements: run on addresses, they say from where each came. */
const moving: ReadonlySet<string> = new Set(["transpose", "broadcast", "slice", "pad", "concat", "gather"]);

function moved(y: Tensor): Link[] {
  const { op, inputs, attrs } = y;
  const data = op.name === "gather" ? inputs.slice(0, 1) : inputs;
  // From 1 on, through all operands; 0 is what comes from none.
  let next = 1;
  const starts = data.map((x) => (next += sizeOf(x.shape)) - sizeOf(x.shape));
  const addresses = data.map((x, k) => Int32Array.from({ length: sizeOf(x.shape) }, (_, i) => starts[k]! + i));
  const indices = inputs[1]?.data;
  if (op.name === "gather" && indices === undefined) return data.map((operand) => all(y, operand));
  const given = op.name === "gather" ? [addresses[0]!, indices!] : addresses;
  const still = op.name === "pad" ? { ...(attrs as object), value: 0 } : attrs;
  const from = op.value!(given, still, { shape: y.shape, dtype: "i32" }, inputs);
  return data.map((operand, k) => {
    const [start, size] = [starts[k]!, sizeOf(operand.shape)];
    const list = Array.from(from).flatMap((at, i) => (at >= start && at < start + size ? [at - start, i] : []));
    return { operand, from: 1, to: 1, pairs: list };
  });
}

/** By pixel: channels are not told apart, for a field is a matter of rows and columns. */
function windows(y: Tensor, map: Tensor, geometry: Geometry, transposed: boolean): Link {
  const [count, height, width, from] = map.shape as unknown as readonly [number, number, number, number];
  const [, oh, ow, to] = y.shape as unknown as readonly [number, number, number, number];
  const ends = ({ large, small }: Meeting): readonly [number, number] => (transposed ? [small, large] : [large, small]);
  const [rows, columns] = [meetings(geometry, 0).map(ends), meetings(geometry, 1).map(ends)];
  const perImage = rows.length * columns.length;
  return {
    operand: map,
    from,
    to,
    pairs: pairs(count * perImage, (i) => {
      const n = Math.floor(i / perImage);
      const row = rows[Math.floor(i / columns.length) % rows.length]!;
      const column = columns[i % columns.length]!;
      return [(n * height + row[0]) * width + column[0], (n * oh + row[1]) * ow + column[1]];
    }),
  };
}
