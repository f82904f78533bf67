/** Sums, means, products and extremes over axes, which stay with size 1. */
import type { ReduceAttrs, ReduceFn } from "@tatamijs/core";
import { as, distinct, given, integers, put, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { count, position, walk, type Value } from "../value.ts";

const wrap = (x: bigint): number => Number(BigInt.asIntN(32, x));

/** The elements that fall together, one list for each output element. */
export function gathered(x: Value, axes: readonly number[]): { shape: number[]; lists: number[][] } {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const lists: number[][] = Array.from({ length: count(shape) }, () => []);
  walk(x.shape, (index, i) =>
    lists[
      position(
        shape,
        index.map((at, axis) => (axes.includes(axis) ? 0 : at)),
      )
    ]!.push(x.data[i]!),
  );
  return { shape, lists };
}

const folds: Readonly<Record<ReduceFn, (list: readonly number[]) => number>> = {
  sum: (list) => list.reduce((a, b) => a + b, 0),
  mean: (list) => list.reduce((a, b) => a + b, 0) / list.length,
  prod: (list) => list.reduce((a, b) => a * b, 1),
  max: (list) => list.reduce((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : a >= b ? a : b)),
  min: (list) => list.reduce((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : a <= b ? a : b)),
};

const wrapped: { readonly [F in ReduceFn]?: (list: readonly number[]) => number } = {
  sum: (list) => wrap(list.reduce((a, b) => a + BigInt(b), 0n)),
  prod: (list) => wrap(list.reduce((a, b) => BigInt.asIntN(32, a * BigInt(b)), 1n)),
};

export function reduceMeaning([x]: readonly Value[], { fn, axes }: ReduceAttrs): Meaning {
  const { shape, lists } = gathered(x!, axes);
  const fold = (x!.dtype === "i32" ? wrapped[fn] : undefined) ?? folds[fn];
  const values = Float64Array.from(lists, fold);
  if (fn === "max" || fn === "min" || x!.dtype === "i32") return { shape, dtype: x!.dtype, values };
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + Math.abs(b), 0);
  if (fn === "prod") {
    // Every step of a product rounds by itself; whole numbers are whole as long as the product is small.
    const size = values.map(Math.abs);
    return { shape, dtype: x!.dtype, values, size, error: size.map((s, i) => s * 2 * lists[i]!.length) };
  }
  const size = Float64Array.from(lists, sum);
  const error = size.map((s, i) => s * sumUlps(lists[i]!.length));
  if (fn === "sum") return { shape, dtype: x!.dtype, values, size, error };
  // A division comes on top, which is exact for a power of two only; in f16 the sum may not even be held.
  return {
    shape,
    dtype: x!.dtype,
    values,
    error: error.map((e, i) => e / lists[i]!.length + 5 * Math.abs(values[i]!)),
  };
}

const functions = Object.keys(folds) as ReduceFn[];
const kinked: readonly ReduceFn[] = ["max", "min"];

function one(fn: ReduceFn, name: string, axes: readonly number[], x: Operand, ...tags: Tag[]): Case<ReduceAttrs> {
  return { id: `reduce/${fn}/${name}`, op: "reduce", attrs: { fn, axes }, inputs: [x], tags };
}

const operandOf = (fn: ReduceFn, shape: readonly number[]): Operand =>
  kinked.includes(fn) ? distinct(shape) : fn === "prod" ? uniform(shape, 0.7, 1.4) : uniform(shape);

const choices: readonly (readonly number[])[] = [
  [0],
  [1],
  [2],
  [3],
  [0, 1],
  [1, 2],
  [2, 3],
  [0, 3],
  [0, 1, 2],
  [1, 2, 3],
  [0, 1, 2, 3],
  [0, 2],
  [],
];

function casesOf(fn: ReduceFn): Case<ReduceAttrs>[] {
  const whole = fn === "prod" ? integers([4, 7], -2, 2) : integers([4, 7], -9, 9);
  return [
    ...choices.map((axes) => one(fn, `axes-${axes.join("")}`, axes, operandOf(fn, [2, 3, 4, 5]), "geometry", "grad")),
    ...straddling.map((n) => one(fn, `last-n${n}`, [1], operandOf(fn, [3, n]), "straddle", "grad")),
    ...straddling.map((n) => one(fn, `first-n${n}`, [0], operandOf(fn, [n, 3]), "straddle")),
    one(fn, "rank-0", [], operandOf(fn, []), "geometry"),
    one(fn, "long", [0], operandOf(fn, [fn === "prod" ? 100 : 3001]), "geometry", "memory"),
    one(fn, "memory", [1, 2], operandOf(fn, [2, 5, 6, 7]), "memory"),
    one(fn, "whole", [1], whole, "golden"),
    ...[0, 2, 4].map((at) => one(fn, `nan-at-${at}`, [0], put(uniform([5]), [at, NaN]), "nan")),
    one(
      fn,
      "infinities",
      [1],
      given([3, 3], [1, Infinity, 2, -Infinity, 1, 2, -Infinity, -Infinity, -Infinity]),
      "infinity",
    ),
    one(fn, "opposite-infinities", [1], given([1, 3], [Infinity, 1, -Infinity]), "infinity"),
    one(fn, "ties", [1], integers([5, 6], 0, 1), "ties"),
    one(fn, "zeros", [1], given([2, 4], [0, -0, 0, 1]), "zero"),
    one(fn, "no-rows", [1], uniform([0, 4]), "empty"),
    one(fn, "f16", [1], as(operandOf(fn, [5, 17]), "f16"), "dtype"),
    ...(fn === "mean"
      ? []
      : [
          one(fn, "i32", [1], as(integers([5, 9], -20, 20), "i32"), "dtype"),
          one(fn, "i32-wraps", [0], given([3], [2 ** 31 - 1, 2 ** 31 - 1, 77], "i32"), "dtype"),
        ]),
    ...(fn === "sum" || fn === "prod" ? [one(fn, "of-none", [1], uniform([3, 0]), "empty")] : []),
  ];
}

export const reduceKit: OpKit<ReduceAttrs> = {
  meaning: reduceMeaning,
  cases: () => [
    ...functions.flatMap(casesOf),
    one("sum", "cancelling", [0], given([6], [1e7, 1, -1e7, 1e-3, 1e7, -1e7]), "geometry"),
    { ...one("sum", "by-hand", [1], given([2, 3], [1, 2, 3, 4, 5, 6]), "golden"), expect: [6, 15] },
    { ...one("mean", "by-hand", [0], given([2, 3], [1, 2, 3, 3, 6, 9]), "golden"), expect: [2, 4, 6] },
    { ...one("prod", "one-zero", [0], given([3], [2, 0, 4]), "golden", "grad"), expect: [0] },
    { ...one("prod", "two-zeros", [0], given([3], [0, 0, 4]), "golden", "grad"), expect: [0] },
    { ...one("max", "by-hand", [1], given([2, 3], [-3, -1, -2, 4, 6, 5]), "golden"), expect: [-1, 6] },
  ],
  random(from) {
    const fn = from.pick(functions);
    const shape = Array.from({ length: from.whole(1, 4) }, () => from.whole(1, 8));
    const axes = shape.flatMap((_, axis) => (from.chance(0.5) ? [axis] : []));
    return {
      attrs: { fn, axes },
      inputs: [operandOf(fn, fn === "prod" ? shape.map((size) => Math.min(size, 4)) : shape)],
      tags: ["random", "grad"],
    };
  },
};
