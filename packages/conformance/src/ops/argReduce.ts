/** Index of the largest or smallest along an axis: the first wins a tie, a NaN wins over numbers. */
import type { ArgReduceAttrs } from "@tatamijs/core";
import { as, given, integers, put, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { count, position, walk } from "../value.ts";

function one(fn: "max" | "min", name: string, axis: number, x: Operand, ...tags: Tag[]): Case<ArgReduceAttrs> {
  return { id: `argReduce/${fn}/${name}`, op: "argReduce", attrs: { fn, axis }, inputs: [x], tags };
}

function casesOf(fn: "max" | "min"): Case<ArgReduceAttrs>[] {
  return [
    ...straddling.map((n) => one(fn, `last-n${n}`, 1, uniform([3, n]), "straddle")),
    ...straddling.map((n) => one(fn, `first-n${n}`, 0, uniform([n, 5]), "straddle")),
    ...[0, 1, 2, 3].map((axis) =>
      one(fn, `axis${axis}`, axis, uniform([2, 3, 4, 5]), "geometry", ...(axis === 3 ? (["memory"] as const) : [])),
    ),
    one(fn, "ties", 1, integers([6, 9], 0, 1), "ties"),
    one(fn, "all-equal", 1, given([2, 7], [3]), "ties"),
    one(fn, "zeros", 1, given([1, 4], [-0, 0, -0, 0]), "zero"),
    ...[0, 2, 4].map((at) => one(fn, `nan-at-${at}`, 0, put(uniform([5]), [at, NaN]), "nan")),
    one(fn, "two-nans", 0, put(uniform([5]), [1, NaN], [3, NaN]), "nan"),
    one(fn, "infinities", 1, given([2, 3], [1, Infinity, -Infinity, -Infinity, -Infinity, -Infinity]), "infinity"),
    one(fn, "i32", 1, as(integers([4, 9], -1000, 1000), "i32"), "dtype"),
    one(fn, "f16", 1, as(uniform([4, 9]), "f16"), "dtype"),
    one(fn, "no-rows", 1, uniform([0, 4]), "empty"),
  ];
}

export const argReduceKit: OpKit<ArgReduceAttrs> = {
  meaning([x], { fn, axis }) {
    const shape = x!.shape.map((size, i) => (i === axis ? 1 : size));
    const values = new Float64Array(count(shape));
    walk(shape, (index, i) => {
      const at = (k: number): number => x!.data[position(x!.shape, index.with(axis, k))]!;
      let best = 0;
      for (let k = 1; k < x!.shape[axis]! && !Number.isNaN(at(best)); k++) {
        if (Number.isNaN(at(k)) || (fn === "max" ? at(k) > at(best) : at(k) < at(best))) best = k;
      }
      values[i] = best;
    });
    return { shape, dtype: "i32", values };
  },
  cases: () => [
    ...casesOf("max"),
    ...casesOf("min"),
    { ...one("max", "by-hand", 1, given([2, 3], [1, 5, 5, 9, 2, 3]), "golden"), expect: [1, 0] },
    { ...one("min", "by-hand", 0, given([2, 3], [1, 5, 5, 9, 2, 3]), "golden"), expect: [0, 1, 1] },
  ],
  random(from) {
    const shape = Array.from({ length: from.whole(1, 4) }, () => from.whole(1, 9));
    const fn = from.pick(["max", "min"] as const);
    return {
      attrs: { fn, axis: from.whole(0, shape.length - 1) },
      inputs: [from.chance(0.5) ? integers(shape, -3, 3) : uniform(shape)],
      tags: ["random"],
    };
  },
};
