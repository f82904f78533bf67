/** (x − mean)·γ/√(variance + ε) + β per channel. In training mean and variance are x's own, and the gradient knows it. */
import type { BatchNormAttrs } from "@tatamijs/core";
import { as, given, materialise, put, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { count, walk, type Value } from "../value.ts";

/** Mean and biased variance of each channel. */
function statistics(x: Value, axis: number): { mean: number[]; variance: number[] } {
  const channels = x.shape[axis]!;
  const n = x.data.length / channels;
  const mean = Array.from({ length: channels }, () => 0);
  const variance = Array.from({ length: channels }, () => 0);
  walk(x.shape, (index, i) => (mean[index[axis]!]! += x.data[i]! / n));
  walk(x.shape, (index, i) => (variance[index[axis]!]! += (x.data[i]! - mean[index[axis]!]!) ** 2 / n));
  return { mean, variance };
}

function one(
  name: string,
  shape: readonly number[],
  axis: number,
  training: boolean,
  ...tags: Tag[]
): Case<BatchNormAttrs> {
  const id = `batchNorm/${name}${training ? "-training" : ""}`;
  const C = shape[axis]!;
  const x = uniform(shape, -2, 3);
  const own = training && count(shape) > 0 ? statistics(materialise(x, id, 0), axis) : undefined;
  const mean = own === undefined ? uniform([C], -1, 1) : given([C], own.mean);
  const variance = own === undefined ? uniform([C], 0.3, 2) : given([C], own.variance);
  return {
    id,
    op: "batchNorm",
    attrs: { axis, epsilon: 1e-3, training },
    inputs: [x, mean, variance, uniform([C], 0.5, 1.5), uniform([C])],
    tags,
  };
}

const half = (c: Case<BatchNormAttrs>): Operand[] => c.inputs.map((x) => as(x, "f16"));

export const batchNormKit: OpKit<BatchNormAttrs> = {
  meaning([x, mean, variance, gamma, beta], { axis, epsilon }) {
    const values = new Float64Array(x!.data.length);
    const error = new Float64Array(x!.data.length);
    walk(x!.shape, (index, i) => {
      const c = index[axis]!;
      const [m, scale] = [mean!.data[c]!, gamma!.data[c]! / Math.sqrt(variance!.data[c]! + epsilon)];
      values[i] = (x!.data[i]! - m) * scale + beta!.data[c]!;
      error[i] =
        18 * (Math.abs(x!.data[i]!) + Math.abs(m)) * Math.abs(scale) +
        4 * Math.abs(beta!.data[c]!) +
        2 * Math.abs(values[i]);
    });
    return { shape: x!.shape, dtype: x!.dtype, values, error };
  },
  couple(inputs, { axis, training }) {
    if (!training) return inputs;
    const [x, mean, variance, ...rest] = inputs as readonly [Value, Value, Value, ...Value[]];
    const own = statistics(x, axis);
    return [
      x,
      { ...mean, data: Float64Array.from(own.mean) },
      { ...variance, data: Float64Array.from(own.variance) },
      ...rest,
    ];
  },
  cases: () => [
    ...[false, true].flatMap((training) => [
      ...straddling.map((c) => one(`nhwc-c${c}`, [2, 3, 4, c], 3, training, "straddle", "grad")),
      ...straddling.map((n) => one(`rows-${n + 1}`, [n + 1, 5], 1, training, "straddle")),
      ...[0, 1, 2, 3].map((axis) => one(`axis${axis}`, [3, 4, 2, 5], axis, training, "geometry", "grad")),
      one("vectors", [7, 4], 1, training, "geometry", "grad"),
      one("memory", [2, 5, 5, 9], 3, training, "memory"),
    ]),
    one("no-rows", [0, 4], 1, false, "empty"),
    {
      ...one("zero-variance", [2, 3], 1, false, "zero"),
      inputs: [uniform([2, 3]), given([3], [0]), given([3], [0]), given([3], [1]), given([3], [0])],
    },
    {
      ...one("nan", [2, 3, 3], 2, false, "nan"),
      inputs: [put(uniform([2, 3, 3]), [4, NaN]), uniform([3]), uniform([3], 0.5, 1), uniform([3]), uniform([3])],
    },
    { ...one("f16", [3, 5], 1, false, "dtype"), inputs: half(one("f16", [3, 5], 1, false)) },
    {
      ...one("golden", [1, 2], 1, false, "golden"),
      attrs: { axis: 1, epsilon: 0, training: false },
      inputs: [
        given([1, 2], [5, 7]),
        given([2], [1, 3]),
        given([2], [4, 16]),
        given([2], [3, 2]),
        given([2], [0.5, -1]),
      ],
      expect: [6.5, 1],
    },
  ],
  random(from) {
    const shape = Array.from({ length: from.whole(2, 4) }, () => from.whole(2, 6));
    const axis = from.whole(0, shape.length - 1);
    const { attrs, inputs } = one("random", shape, axis, false);
    return { attrs, inputs, tags: ["random", "grad"] };
  },
};
