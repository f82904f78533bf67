/** Shares along an axis. 3n + 3 units for n elements, and what rounding x − max does to e^(x − max). */
import type { SoftmaxAttrs } from "@tatamijs/core";
import { as, given, put, straddling, uniform } from "../fill.ts";
import { logShares } from "../lines.ts";
import { sumUlps, type Case, type Operand, type OpKit, type Tag } from "../meaning.ts";

type Name = "softmax" | "logSoftmax";

function one(op: Name, name: string, axis: number, x: Operand, ...tags: Tag[]): Case<SoftmaxAttrs> {
  return { id: `${op}/${name}`, op, attrs: { axis }, inputs: [x], tags };
}

/** Cases that softmax and logSoftmax share. */
export function softmaxCases(op: Name): Case<SoftmaxAttrs>[] {
  return [
    ...straddling.map((n) => one(op, `last-n${n}`, 1, uniform([3, n], -4, 4), "straddle", "grad")),
    ...straddling.map((n) => one(op, `first-n${n}`, 0, uniform([n, 3], -4, 4), "straddle")),
    ...straddling.map((n) => one(op, `rows-${n}`, 1, uniform([n, 10], -4, 4), "straddle")),
    ...[0, 1, 2, 3].map((axis) => one(op, `axis${axis}`, axis, uniform([2, 3, 4, 5], -3, 3), "geometry", "grad")),
    one(op, "vector", 0, uniform([7], -3, 3), "geometry", "grad"),
    one(op, "long", 1, uniform([2, 1000], -6, 6), "geometry"),
    one(op, "long-first", 0, uniform([300, 3], -6, 6), "geometry"),
    one(op, "long-nan", 1, put(uniform([2, 150], -3, 3), [77, NaN]), "nan"),
    one(op, "long-minus-infinity", 1, put(uniform([2, 150], -3, 3), [0, -Infinity], [140, -Infinity]), "infinity"),
    one(op, "large", 1, given([2, 4], [1000, 999, 998, 990, -1000, -1001, -1000, -1010]), "geometry"),
    one(op, "far-apart", 1, given([2, 4], [0, -50, -80, 10, 80, 0, -20, 79]), "geometry"),
    one(op, "equal", 1, given([2, 5], [3]), "ties"),
    one(op, "memory", 1, uniform([5, 33], -3, 3), "memory"),
    one(op, "no-rows", 1, uniform([0, 4]), "empty"),
    one(op, "f16", 1, as(uniform([4, 9], -3, 3), "f16"), "dtype"),
    ...[0, 2, 4].map((at) => one(op, `nan-at-${at}`, 1, put(uniform([2, 5], -3, 3), [at, NaN]), "nan")),
    one(op, "minus-infinity", 1, put(uniform([2, 5], -3, 3), [1, -Infinity], [9, -Infinity]), "infinity"),
    one(op, "all-minus-infinity", 1, given([1, 4], [-Infinity]), "infinity"),
    one(op, "plus-infinity", 1, put(uniform([2, 5], -3, 3), [1, Infinity]), "infinity"),
  ];
}

export function randomSoftmax(
  from: Parameters<OpKit<SoftmaxAttrs>["random"]>[0],
): ReturnType<OpKit<SoftmaxAttrs>["random"]> {
  const shape = Array.from({ length: from.whole(1, 4) }, () => from.whole(1, 9));
  return {
    attrs: { axis: from.whole(0, shape.length - 1) },
    inputs: [uniform(shape, -5, 5)],
    tags: ["random", "grad"],
  };
}

export const softmaxKit: OpKit<SoftmaxAttrs> = {
  meaning([x], { axis }) {
    const { logs, condition } = logShares(x!, axis, sumUlps);
    const values = logs.map(Math.exp);
    const base = 3 * x!.shape[axis]! + 3;
    return { shape: x!.shape, dtype: x!.dtype, values, error: values.map((y, i) => y * (base + condition[i]!)) };
  },
  cases: () => [
    ...softmaxCases("softmax"),
    { ...one("softmax", "golden", 1, given([2, 2], [5, 5, -1, -1]), "golden"), expect: [0.5, 0.5, 0.5, 0.5] },
  ],
  random: randomSoftmax,
};
