/** What constants fold to: NaN, wrapping integers, f16's rounding, saturating casts, and where elements go. */
import { describe, expect, test } from "vitest";
import { evaluate, list } from "../testing.ts";
import * as t from "./index.ts";
import type { Tensor } from "./index.ts";

const of = (y: Tensor): number[] => list(evaluate(y));
const i32 = (...values: number[]): Tensor => t.constant(values, [values.length], "i32");
const least = -(2 ** 31);
const most = 2 ** 31 - 1;

describe("NaN", () => {
  const x = t.constant([NaN, 1, -1]);
  test("in gives NaN out, save isNaN", () => {
    for (const f of [
      t.neg,
      t.abs,
      t.sign,
      t.reciprocal,
      t.square,
      t.sqrt,
      t.exp,
      t.log,
      t.log1p,
      t.expm1,
      t.sin,
      t.cos,
      t.tanh,
      t.sigmoid,
      t.erf,
      t.relu,
      t.floor,
      t.ceil,
      t.round,
      t.relu6,
      t.silu,
      t.gelu,
      t.hardSwish,
      t.leakyRelu,
      t.elu,
    ]) {
      expect(of((f as (x: Tensor) => Tensor)(x))[0]).toBeNaN();
    }
    expect(of(t.isNaN(x))).toEqual([1, 0, 0]);
    expect(of(t.softplus(x))[0]).toBeNaN();
    expect(of(t.clamp(x, 0, 1))).toEqual([NaN, 1, 0]);
  });
  test("is sticky in maximum, minimum, max, min; unequal to itself", () => {
    expect(of(t.maximum(x, 0))).toEqual([NaN, 1, 0]);
    expect(of(t.minimum(0, x))).toEqual([NaN, 0, -1]);
    for (const values of [
      [NaN, 1, 2],
      [1, NaN, 2],
      [1, 2, NaN],
    ]) {
      expect(of(t.max(t.constant(values)))).toEqual([NaN]);
      expect(of(t.min(t.constant(values)))).toEqual([NaN]);
    }
    expect(of(t.equal(x, x))).toEqual([0, 1, 1]);
    expect(of(t.notEqual(x, x))).toEqual([1, 0, 0]);
    expect(of(t.greaterEqual(x, x))).toEqual([0, 1, 1]);
  });
});

describe("i32", () => {
  test("wraps, truncates, and divides by zero to 0", () => {
    expect(of(t.add(i32(most), i32(1)))).toEqual([least]);
    expect(of(t.mul(i32(123456789), i32(987654321)))).toEqual([Math.imul(123456789, 987654321)]);
    expect(of(t.square(i32(123456789)))).toEqual([Math.imul(123456789, 123456789)]);
    expect(of(t.prod(i32(123456789, 987654321, 3)))).toEqual([Math.imul(Math.imul(123456789, 987654321), 3)]);
    expect(of(t.sum(i32(most, most, 5)))).toEqual([(most * 2 + 5) | 0]);
    expect(of(t.div(i32(7, -7, 1, least), i32(2, 2, 0, -1)))).toEqual([3, -3, 0, least]);
    expect(of(t.mod(i32(7, -7, 7, 5), i32(3, 3, -3, 0)))).toEqual([1, 2, -2, 0]);
    expect(of(t.neg(i32(least)))).toEqual([least]);
    expect(of(t.max(i32(least, -5)))).toEqual([-5]);
  });
  test("u8 and bool are lifted before arithmetic: nothing wraps at 255 unseen", () => {
    const bytes = t.constant(Uint8Array.of(250, 10));
    expect(of(t.add(bytes, 10))).toEqual([260, 20]);
    expect(t.add(bytes, 10).dtype).toBe("i32");
    expect(of(t.sum(bytes))).toEqual([260]);
    expect(t.mean(bytes).dtype).toBe("f32");
    expect(of(t.div(bytes, 0.5))).toEqual([500, 20]);
    const yes = t.constant([1, 0], [2], "bool");
    expect(t.add(yes, yes).dtype).toBe("i32");
    expect(of(t.and(yes, t.not(yes)))).toEqual([0, 0]);
    expect(of(t.xor(yes, t.not(yes)))).toEqual([1, 1]);
    expect(t.or(yes, yes).dtype).toBe("bool");
    expect(t.select(yes, yes, yes).dtype).toBe("bool");
  });
});

test("casts go toward zero, saturate, and read NaN as 0, but as true", () => {
  const x = t.constant([1.9, -1.9, NaN, 1e20, -1e20, 300]);
  expect(of(t.cast(x, "i32"))).toEqual([1, -1, 0, most, least, 300]);
  expect(of(t.cast(x, "u8"))).toEqual([1, 0, 0, 255, 0, 255]);
  expect(of(t.cast(t.constant([0, -0, NaN, 0.1]), "bool"))).toEqual([0, 0, 1, 1]);
  expect(of(t.cast(t.constant([1 + 2 ** -11, 65520, 6e-8, 1e-9]), "f16"))).toEqual([1, Infinity, 2 ** -24, 0]);
});

test("f16 rounds at each op", () => {
  const x = t.constant([2048], [1], "f16");
  expect(of(t.add(x, 1))).toEqual([2048]);
  expect(t.add(x, 1).dtype).toBe("f16");
  expect(t.add(x, t.constant([1])).dtype).toBe("f32");
});

test("round goes to even, erf is within f32's reach, pow's special cases", () => {
  expect(of(t.round(t.constant([0.5, 1.5, 2.5, -0.5, -1.5, 3.2])))).toEqual([0, 2, 2, -0, -2, 3]);
  // Abramowitz and Stegun, table 7.1; the last by its asymptotic series.
  const known: [number, number][] = [
    [0, 0],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [2, 0.995322265],
    [2.4, 0.9993114861],
    [2.6, 0.9997639656],
    [4, 0.9999999846],
    [Infinity, 1],
  ];
  for (const [x, y] of known) {
    expect(of(t.erf(t.constant([x, -x])))[0]).toBeCloseTo(y, 7);
    expect(of(t.erf(t.constant([x, -x])))[1]).toBeCloseTo(-y, 7);
  }
  expect(of(t.pow(t.constant([1, NaN, 0, -8, 2]), t.constant([NaN, 0, 0, 1 / 3, -1])))).toEqual([1, 1, 1, NaN, 0.5]);
  expect(of(t.mod(t.constant([5.5, -5.5, 5.5]), t.constant([3, 3, -3])))).toEqual([2.5, 0.5, -0.5]);
});

describe("elements go where they should", () => {
  const x = t.constant([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  test.each<[string, Tensor, number[], number[]]>([
    ["transpose", t.transpose(x), [3, 2], [1, 4, 2, 5, 3, 6]],
    ["slice", t.slice(x, { start: [0, -1], end: [2, -4] }), [2, 0], []],
    ["slice with steps", t.slice(x, { start: [0, 0], step: [1, 2] }), [2, 2], [1, 3, 4, 6]],
    ["narrow", t.narrow(x, -1, 1, 2), [2, 2], [2, 3, 5, 6]],
    [
      "pad",
      t.pad(
        x,
        [
          [1, 0],
          [0, 1],
        ],
        { value: 9 },
      ),
      [3, 4],
      [9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6, 9],
    ],
    ["pad reflect", t.pad(x, [[2, 1]], { mode: "reflect" }), [2, 6], [3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5]],
    ["pad replicate", t.pad(x, [[1, 2]], { mode: "replicate" }), [2, 6], [1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 6, 6]],
    ["pad circular", t.pad(x, [[2, 1]], { mode: "circular" }), [2, 6], [2, 3, 1, 2, 3, 1, 5, 6, 4, 5, 6, 4]],
    ["concat", t.concat([x, t.constant([[7], [8]])], 1), [2, 4], [1, 2, 3, 7, 4, 5, 6, 8]],
    ["stack", t.stack([t.constant([1, 2]), t.constant([3, 4])], -1), [2, 2], [1, 3, 2, 4]],
    ["split", t.split(x, 2, 1)[1]!, [2, 1], [3, 6]],
    ["split by sizes", t.split(x, [0, 2, 1], 1)[1]!, [2, 2], [1, 2, 4, 5]],
    ["flip", t.flip(x), [2, 3], [6, 5, 4, 3, 2, 1]],
    ["flip an axis", t.flip(x, -1), [2, 3], [3, 2, 1, 6, 5, 4]],
    [
      "gather",
      t.gather(
        x,
        t.constant(
          [
            [2, 0],
            [5, -1],
          ],
          [2, 2],
          "i32",
        ),
        1,
      ),
      [2, 2, 2],
      [3, 1, 0, 0, 6, 4, 0, 0],
    ],
    ["broadcast", t.broadcast(t.constant([1, 2]), [2, 2]), [2, 2], [1, 2, 1, 2]],
    ["squeeze", t.squeeze(t.reshape(x, [1, 2, 1, 3])), [2, 3], [1, 2, 3, 4, 5, 6]],
    ["squeeze one", t.squeeze(t.reshape(x, [1, 2, 1, 3]), -2), [1, 2, 3], [1, 2, 3, 4, 5, 6]],
    ["unsqueeze", t.unsqueeze(x, -1), [2, 3, 1], [1, 2, 3, 4, 5, 6]],
    ["flatten", t.flatten(t.reshape(x, [1, 2, 3]), -2), [1, 6], [1, 2, 3, 4, 5, 6]],
    ["flatten some", t.flatten(t.reshape(x, [1, 2, 3, 1]), 0, -3), [2, 3, 1], [1, 2, 3, 4, 5, 6]],
    ["select", t.where(t.greater(x, 3), x, t.constant([0])), [2, 3], [0, 0, 0, 4, 5, 6]],
    ["sum", t.sum(x, { axis: 0 }), [3], [5, 7, 9]],
    ["mean", t.mean(x, { axis: -1, keepDims: true }), [2, 1], [2, 5]],
    ["prod of none", t.prod(t.zeros([0, 2]), { axis: 0 }), [2], [1, 1]],
    ["sum of none", t.sum(t.zeros([2, 0])), [], [0]],
    ["variance", t.variance(x, { axis: 1 }), [2], [1, 1]],
    ["variance, biased", t.variance(x, { axis: 1, correction: 0 }), [2], [Math.fround(2 / 3), Math.fround(2 / 3)]],
    ["zeros", t.zeros([2]), [2], [0, 0]],
    ["ones", t.ones([1, 2], "u8"), [1, 2], [1, 1]],
    ["clamp of integers", t.clamp(t.constant([1, 5, 9], [3], "i32"), 2, 6), [3], [2, 5, 6]],
  ])("%s", (_, y, shape, values) => {
    expect(y.shape).toEqual(shape);
    expect(of(y)).toEqual(values);
  });
});

describe("pooling to a size", () => {
  // torch.nn.functional.adaptive_avg_pool2d's windows: ⌊o·H/OH⌋ to ⌈(o + 1)·H/OH⌉.
  const means = (size: number, out: number): number[] =>
    Array.from({ length: out }, (_, o) => {
      const [start, end] = [Math.floor((o * size) / out), Math.ceil(((o + 1) * size) / out)];
      return Array.from({ length: end - start }, (__, i) => start + i + 1).reduce((a, b) => a + b, 0) / (end - start);
    });
  test.each([
    [6, 3],
    [7, 3],
    [7, 5],
    [5, 2],
    [5, 7],
    [3, 3],
    [4, 1],
    [10, 7],
    [13, 4],
  ])("%i to %i", (size, out) => {
    const ramp = t.constant(
      Float32Array.from({ length: size }, (_, i) => i + 1),
      [1, 1, size, 1],
    );
    const y = t.adaptiveAvgPool2d(ramp, [out, 1]);
    expect(y.shape).toEqual([1, 1, out, 1]);
    of(y).forEach((v, o) => expect(v).toBeCloseTo(means(size, out)[o]!, 5));
  });
  test("one cell is the mean, and evenly spaced windows are a pooling", () => {
    expect(t.adaptiveAvgPool2d(t.input([3, 5, 7]), 1).op.name).toBe("reduce");
    expect(t.adaptiveAvgPool2d(t.input([3, 9, 7]), [3, 3]).inputs[0]!.inputs[0]!.op.name).toBe("pool2d");
  });
});

test("random is a pure function of seed, stream and counter, in [0, 1)", () => {
  const at = (counter: number, seed: number, stream: number): number[] =>
    of(t.random(i32(counter), [64], seed, stream));
  expect(at(3, 1, 2)).toEqual(at(3, 1, 2));
  const kinds = [at(0, 0, 0), at(1, 0, 0), at(0, 1, 0), at(0, 0, 1), at(-1, 0, 0), at(0, 2 ** 32 - 1, 0)];
  expect(new Set(kinds.map(String)).size).toBe(kinds.length);
  for (const values of kinds) for (const v of values) expect(v >= 0 && v < 1).toBe(true);
  const mean = of(t.random(i32(5), [10000])).reduce((a, b) => a + b, 0) / 10000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
});

test("losses: cross-entropy by hand", () => {
  const logits = t.constant([
    [0, Math.log(3)],
    [Math.log(4), 0],
  ]);
  const losses = t.crossEntropy(logits, i32(1, 0), { reduction: "none" });
  expect(of(losses)[0]).toBeCloseTo(Math.log(4 / 3), 6);
  expect(of(losses)[1]).toBeCloseTo(Math.log(5 / 4), 6);
  const soft = t.crossEntropy(
    logits,
    t.constant([
      [0, 1],
      [1, 0],
    ]),
    { reduction: "none" },
  );
  of(soft).forEach((v, i) => expect(v).toBeCloseTo(of(losses)[i]!, 6));
  const smooth = t.crossEntropy(logits, i32(1, 0), { smoothing: 0.2, reduction: "none" });
  expect(of(smooth)[0]).toBeCloseTo(0.9 * Math.log(4 / 3) + 0.1 * Math.log(4), 5);
  expect(of(t.crossEntropy(logits, t.constant(Uint8Array.of(1, 0))))[0]).toBeCloseTo(
    (Math.log(4 / 3) + Math.log(5 / 4)) / 2,
    6,
  );
});

test("normalising brings mean to beta and deviation to gamma", () => {
  const x = t.constant(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * 7) * 5 + 2),
    [2, 4, 3],
  );
  const moments = (y: Tensor, axis: number[]): [number[], number[]] => [
    of(t.mean(y, { axis })),
    of(t.std(y, { axis, correction: 0 })),
  ];
  const check = (y: Tensor, axis: number[], mean: number, deviation: number): void => {
    const [means, deviations] = moments(y, axis);
    for (const v of means) expect(v).toBeCloseTo(mean, 4);
    for (const v of deviations) expect(v).toBeCloseTo(deviation, 4);
  };
  check(t.batchNorm(x, { training: true, epsilon: 0, gamma: t.full([4], 3), beta: t.full([4], -1) }), [0, 2], -1, 3);
  check(t.layerNorm(x, [4, 3], { epsilon: 0 }), [1, 2], 0, 1);
  check(t.reshape(t.groupNorm(x, 2, { epsilon: 0 }), [2, 2, 2, 3]), [2, 3], 0, 1);
  const { mean, variance } = t.batchStatistics(x);
  check(t.batchNorm(x, { mean, variance, epsilon: 0 }), [0, 2], 0, 1);
});
