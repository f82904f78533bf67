/** Elements chosen by index along an axis, and the sum back. An index outside reads 0 and is written nowhere. */
import type { GatherAttrs, ScatterAddAttrs } from "@tatamijs/core";
import { as, given, integers, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, moved, peculiar } from "../moving.ts";
import { count, position, walk } from "../value.ts";

const indices = (n: number, size: number): Operand => as(integers([n], 0, size - 1), "i32");
const outside = (n: number, size: number): Operand => as(integers([n], -2, size + 1), "i32");

function take(name: string, axis: number, x: Operand, index: Operand, ...tags: Tag[]): Case<GatherAttrs> {
  return { id: `gather/${name}`, op: "gather", attrs: { axis }, inputs: [x, index], tags };
}

export const gatherKit: OpKit<GatherAttrs> = {
  meaning: ([x, index], { axis }) =>
    moved(x!, x!.shape.with(axis, index!.data.length), (at) => {
      const from = index!.data[at[axis]!]!;
      return from >= 0 && from < x!.shape[axis]! ? position(x!.shape, at.with(axis, from)) : undefined;
    }),
  cases: () => [
    ...[0, 1, 2, 3].flatMap((axis) => [
      take(`axis${axis}`, axis, uniform([3, 4, 5, 6]), indices(7, 3 + axis), "geometry", "grad"),
      take(`axis${axis}-outside`, axis, uniform([3, 4, 5, 6]), outside(9, 3 + axis), "geometry", "grad"),
    ]),
    ...straddling.flatMap((n) => [
      take(`rows-n${n}`, 0, uniform([6, n]), indices(4, 6), "straddle"),
      take(`count-n${n}`, 1, uniform([3, 5]), indices(n, 5), "straddle"),
    ]),
    ...everyDType([4, 5]).map((x) => take(x.dtype, 1, x, outside(6, 5), "dtype", "memory")),
    take("far-outside", 0, uniform([4]), given([3], [-(2 ** 31), 2 ** 31 - 1, 4], "i32"), "geometry"),
    take("none", 0, uniform([4, 3]), indices(0, 4), "empty"),
    take("from-none", 0, uniform([0, 3]), given([2], [0, 1], "i32"), "empty"),
    take("peculiar", 0, peculiar([11]), indices(20, 11), "nan", "zero"),
    {
      ...take("golden", 0, given([3], [10, 20, 30]), given([5], [2, 0, 3, 2, -1], "i32"), "golden"),
      expect: [30, 10, 0, 30, 0],
    },
  ],
  random(from) {
    const shape = anyShape(from);
    const axis = from.whole(0, shape.length - 1);
    return {
      attrs: { axis },
      inputs: [anyOperand(from, shape), outside(from.whole(1, 12), shape[axis]!)],
      tags: ["random"],
    };
  },
};

function add(
  name: string,
  axis: number,
  size: number,
  y: Operand,
  index: Operand,
  ...tags: Tag[]
): Case<ScatterAddAttrs> {
  return { id: `scatterAdd/${name}`, op: "scatterAdd", attrs: { axis, size }, inputs: [y, index], tags };
}

export const scatterAddKit: OpKit<ScatterAddAttrs> = {
  meaning([y, index], attrs) {
    const shape = y!.shape.with(attrs.axis, attrs.size);
    const values = new Float64Array(count(shape));
    const size = new Float64Array(values.length);
    const terms = new Float64Array(values.length);
    walk(y!.shape, (at, i) => {
      const to = index!.data[at[attrs.axis]!]!;
      if (to < 0 || to >= attrs.size) return;
      const where = position(shape, at.with(attrs.axis, to));
      values[where]! += y!.data[i]!;
      size[where]! += Math.abs(y!.data[i]!);
      terms[where]!++;
    });
    const error = size.map((s, i) => s * sumUlps(terms[i]!));
    return { shape, dtype: y!.dtype, values, ...(y!.dtype === "i32" ? {} : { size, error }) };
  },
  cases: () => [
    ...[0, 1, 2, 3].flatMap((axis) => [
      add(`axis${axis}`, axis, 4, uniform([3, 4, 5, 6]), indices(3 + axis, 4), "geometry", "grad"),
      add(`axis${axis}-outside`, axis, 4, uniform([3, 4, 5, 6]), outside(3 + axis, 4), "geometry", "grad"),
      add(`axis${axis}-whole`, axis, 2, integers([3, 4, 5, 6]), indices(3 + axis, 2), "geometry"),
    ]),
    ...straddling.flatMap((n) => [
      add(`rows-n${n}`, 0, 3, uniform([6, n]), indices(6, 3), "straddle"),
      add(`count-n${n}`, 1, 5, integers([3, n]), indices(n, 5), "straddle"),
    ]),
    add("i32", 0, 3, as(integers([9, 4], -50, 50), "i32"), indices(9, 3), "dtype", "memory"),
    add("i32-wraps", 0, 1, given([3], [2 ** 31 - 1, 2 ** 31 - 1, 5], "i32"), given([3], [0], "i32"), "dtype"),
    add("f16", 0, 3, as(uniform([9, 4]), "f16"), indices(9, 3), "dtype"),
    add("memory", 0, 7, uniform([9, 5]), indices(9, 7), "memory"),
    add("all-to-one", 0, 5, uniform([40, 3]), given([40], [2], "i32"), "geometry"),
    add("none", 0, 3, uniform([0, 2]), indices(0, 3), "empty"),
    add("to-none", 0, 0, uniform([2, 2]), given([2], [0, 1], "i32"), "empty"),
    add("nan", 0, 3, given([4], [1, NaN, 2, 3]), given([4], [0, 1, 2, 1], "i32"), "nan"),
    add("nan-outside", 0, 3, given([4], [1, NaN, 2, 3]), given([4], [0, -1, 2, 1], "i32"), "nan"),
    { ...add("golden", 0, 3, given([4], [1, 2, 3, 4]), given([4], [0, 2, 0, 3], "i32"), "golden"), expect: [4, 0, 2] },
  ],
  random(from) {
    const shape = anyShape(from);
    const axis = from.whole(0, shape.length - 1);
    const size = from.whole(1, 8);
    return {
      attrs: { axis, size },
      inputs: [from.chance(0.5) ? integers(shape) : uniform(shape), outside(shape[axis]!, size)],
      tags: ["random", "grad"],
    };
  },
};
