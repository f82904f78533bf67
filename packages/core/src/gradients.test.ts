/** Every gradient against central differences, with broadcasting, by the op's own rule and by its expansion's. */
import { describe, expect, test } from "vitest";
import { evaluate, gradientError, gradients, list } from "../testing.ts";
import * as t from "./index.ts";
import type { Tensor } from "./index.ts";

const positive = (v: number): number => Math.abs(v) + 0.2;

const cases: readonly [
  name: string,
  f: (...x: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
  map?: (v: number) => number,
][] = [
  ["copy", t.copy, [[3]]],
  ["neg", t.neg, [[3]]],
  ["abs", t.abs, [[5]]],
  ["sign", t.sign, [[5]]],
  ["reciprocal", t.reciprocal, [[5]], positive],
  ["square", t.square, [[5]]],
  ["sqrt", t.sqrt, [[5]], positive],
  ["exp", t.exp, [[5]]],
  ["log", t.log, [[5]], positive],
  ["log1p", t.log1p, [[5]], positive],
  ["expm1", t.expm1, [[5]]],
  ["sin", t.sin, [[5]]],
  ["cos", t.cos, [[5]]],
  ["tanh", t.tanh, [[5]]],
  ["sigmoid", t.sigmoid, [[5]]],
  ["erf", t.erf, [[5]]],
  ["relu", t.relu, [[5]]],
  ["relu6", t.relu6, [[5]], (v) => v * 9],
  ["leakyRelu", (x) => t.leakyRelu(x, 0.2), [[5]]],
  ["elu", (x) => t.elu(x, 1.5), [[5]]],
  ["softplus", (x) => t.softplus(x, { beta: 2, threshold: 3 }), [[8]]],
  ["hardSigmoid", t.hardSigmoid, [[8]], (v) => v * 5],
  ["hardSwish", t.hardSwish, [[8]], (v) => v * 5],
  ["clamp", (x) => t.clamp(x, -0.5, 0.6), [[8]]],
  ["silu", t.silu, [[5]]],
  ["gelu", (x) => t.gelu(x), [[5]]],
  ["gelu tanh", (x) => t.gelu(x, { approximate: "tanh" }), [[5]]],
  ["add", t.add, [[2, 3], [3]]],
  [
    "add, both broadcast",
    t.add,
    [
      [2, 1, 3],
      [4, 1],
    ],
  ],
  ["sub", t.sub, [[3], [2, 1]]],
  ["sub from a number", (x) => t.sub(1, x), [[3]]],
  [
    "mul",
    t.mul,
    [
      [2, 3],
      [2, 1],
    ],
  ],
  ["mul by itself", (x) => t.mul(x, x), [[4]]],
  [
    "div",
    t.div,
    [
      [2, 3],
      [1, 3],
    ],
    positive,
  ],
  ["pow", t.pow, [[2, 3], [3]], positive],
  ["pow, a negative base, whole exponents", (x) => t.pow(x, 3), [[5]]],
  ["mod", (a, b) => t.mod(t.add(a, 5), t.add(b, 3)), [[3], [3]], (v) => v * 0.2],
  ["maximum", t.maximum, [[2, 3], [3]]],
  [
    "minimum",
    t.minimum,
    [
      [2, 3],
      [2, 1],
    ],
  ],
  [
    "select",
    (a, b) => t.select(t.constant([[1, 0, 1]], [1, 3], "bool"), a, b),
    [
      [2, 3],
      [2, 1],
    ],
  ],
  ["cast to f16", (x) => t.cast(t.cast(x, "f16"), "f32"), [[4]], (v) => Math.round(v * 8)],
  ["sum", (x) => t.sum(x, { axis: 1 }), [[2, 3, 2]]],
  ["mean", (x) => t.mean(x, { axis: [0, -1] }), [[2, 3, 2]]],
  ["max", (x) => t.max(x, { axis: 1 }), [[2, 4]]],
  ["min", (x) => t.min(x), [[2, 4]]],
  ["prod", (x) => t.prod(x, { axis: -1 }), [[2, 4]]],
  ["logSumExp", (x) => t.logSumExp(x, { axis: 1 }), [[2, 4]]],
  ["variance", (x) => t.variance(x, { axis: 0 }), [[4, 2]]],
  ["std", (x) => t.std(x), [[4, 2]]],
  ["reshape", (x) => t.reshape(x, [3, -1]), [[2, 3]]],
  ["transpose", (x) => t.transpose(x, [2, 0, 1]), [[2, 3, 4]]],
  ["broadcast", (x) => t.broadcast(x, [2, 3, 2]), [[3, 1]]],
  ["slice", (x) => t.slice(x, { start: [1, -3], step: [2, 1] }), [[6, 4]]],
  ["slice to the last", (x) => t.slice(x, { start: [0], end: [5], step: [3] }), [[6]]],
  ["narrow", (x) => t.narrow(x, 1, 1, 2), [[2, 4]]],
  ["split", (x) => t.mul(t.split(x, 2)[0]!, t.split(x, 2)[1]!), [[4, 2]]],
  [
    "pad",
    (x) =>
      t.pad(
        x,
        [
          [1, 2],
          [0, 1],
        ],
        { value: 3 },
      ),
    [[2, 2, 2]],
  ],
  ["pad reflect", (x) => t.pad(x, [[2, 1]], { mode: "reflect" }), [[2, 4]]],
  ["pad replicate", (x) => t.pad(x, [[2, 1]], { mode: "replicate" }), [[2, 3]]],
  [
    "pad circular",
    (x) =>
      t.pad(
        x,
        [
          [2, 1],
          [1, 1],
        ],
        { mode: "circular" },
      ),
    [[2, 3]],
  ],
  ["flip", (x) => t.flip(x, 1), [[2, 3]]],
  [
    "interior padding",
    (x) => t.node(t.primitives.pad, [x], { before: [1], after: [0], interior: [2], value: 0 }),
    [[3]],
  ],
  [
    "concat",
    (a, b) => t.concat([a, b, a], 1),
    [
      [2, 3],
      [2, 1],
    ],
  ],
  [
    "stack",
    (a, b) => t.stack([a, b], -1),
    [
      [2, 3],
      [2, 3],
    ],
  ],
  ["gather", (x) => t.gather(x, t.constant([2, 0, 2, 9, -1], [5], "i32"), 1), [[2, 3]]],
  ["scatterAdd", (x) => t.scatterAdd(x, t.constant([2, 0, 2], [3], "i32"), 1, 4), [[2, 3]]],
  [
    "matmul",
    t.matmul,
    [
      [2, 3],
      [3, 4],
    ],
  ],
  [
    "matmul, batches broadcast",
    t.matmul,
    [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
  ],
  [
    "matmul ta",
    (a, b) => t.node(t.primitives.matmul, [a, b], { ta: true, tb: false }),
    [
      [3, 2],
      [3, 4],
    ],
  ],
  [
    "matmul tb",
    (a, b) => t.node(t.primitives.matmul, [a, b], { ta: false, tb: true }),
    [
      [2, 3],
      [4, 3],
    ],
  ],
  [
    "matmul ta tb",
    (a, b) => t.node(t.primitives.matmul, [a, b], { ta: true, tb: true }),
    [
      [3, 2],
      [4, 3],
    ],
  ],
  ["matmul vectors", t.matmul, [[3], [3]]],
  ["linear", t.linear, [[2, 3], [4, 3], [4]]],
  [
    "conv2d",
    (x, w, b) =>
      t.conv2d(x, w, {
        bias: b,
        padding: [
          [1, 0],
          [0, 2],
        ],
        stride: [2, 1],
        dilation: [1, 2],
      }),
    [[1, 2, 4, 3], [2, 2, 3, 2], [2]],
  ],
  [
    "conv2d groups, reflect",
    (x, w) => t.conv2d(x, w, { groups: 2, padding: 1, paddingMode: "reflect" }),
    [
      [2, 3, 3],
      [2, 1, 2, 2],
    ],
  ],
  ["conv1d", (x, w, b) => t.conv1d(x, w, { bias: b, padding: [1, 0] }), [[2, 4], [3, 2, 2], [3]]],
  [
    "convTranspose2d",
    (x, w, b) => t.convTranspose2d(x, w, { bias: b, stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
    [[1, 2, 2, 3], [2, 1, 3, 3], [2]],
  ],
  [
    "convTranspose1d",
    (x, w) => t.convTranspose1d(x, w, { stride: 2, outputPadding: 1 }),
    [
      [2, 3],
      [2, 1, 3],
    ],
  ],
  ["maxPool2d", (x) => t.maxPool2d(x, 2), [[1, 1, 4, 4]]],
  ["avgPool2d", (x) => t.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }), [[1, 1, 5, 5]]],
  ["avgPool2d ceil", (x) => t.avgPool2d(x, 2, { rounding: "ceil", padding: 1 }), [[1, 1, 5, 3]]],
  ["maxPool1d", (x) => t.maxPool1d(x, 2), [[2, 4]], (v) => v * 5],
  ["avgPool1d", (x) => t.avgPool1d(x, 2, { padding: 1 }), [[2, 4]]],
  ["adaptiveAvgPool2d", (x) => t.adaptiveAvgPool2d(x, [3, 2]), [[2, 7, 5]]],
  ["softmax", (x) => t.softmax(x, { axis: 0 }), [[4, 2]]],
  ["logSoftmax", (x) => t.logSoftmax(x), [[2, 4]]],
  ["crossEntropy", (x) => t.crossEntropy(x, t.constant([1, 5, 0], [3], "i32"), { smoothing: 0.1 }), [[3, 4]]],
  [
    "crossEntropy, losses",
    (x) => t.crossEntropy(x, t.constant([1, -100, 0], [3], "i32"), { reduction: "none" }),
    [[3, 4]],
  ],
  [
    "crossEntropy, probabilities",
    (x, p) => t.crossEntropy(x, p, { smoothing: 0.2, reduction: "sum" }),
    [
      [3, 4],
      [3, 4],
    ],
  ],
  [
    "crossEntropy of maps",
    (x) => t.crossEntropy(x, t.constant([[[1, 0]], [[2, 1]]], [2, 1, 2], "i32")),
    [[2, 3, 1, 2]],
  ],
  [
    "batchNorm in training",
    (x, g, b) => t.batchNorm(x, { gamma: g, beta: b, training: true, epsilon: 0.01 }),
    [[3, 2, 2], [2], [2]],
  ],
  [
    "batchNorm",
    (x, m, v, g, b) => t.batchNorm(x, { mean: m, variance: t.add(t.square(v), 0.3), gamma: g, beta: b }),
    [[3, 2], [2], [2], [2], [2]],
  ],
  [
    "layerNorm",
    (x, g, b) => t.layerNorm(x, [2, 3], { gamma: g, beta: b, epsilon: 0.01 }),
    [
      [2, 2, 3],
      [2, 3],
      [2, 3],
    ],
  ],
  ["groupNorm", (x, g, b) => t.groupNorm(x, 2, { gamma: g, beta: b, epsilon: 0.01 }), [[2, 4, 2], [4], [4]]],
];

describe("gradients agree with central differences", () => {
  test.each(cases)("%s", (_, f, shapes, map) => {
    expect(gradientError(f, shapes, map)).toBeLessThan(4e-3);
    expect(gradientError(f, shapes, map, true)).toBeLessThan(4e-3);
  });

  const open = cases.filter(([name]) =>
    ["batchNorm in training", "softmax", "crossEntropy", "conv2d", "pow", "prod"].includes(name),
  );
  test.each(open)("the second derivative of %s", (_, f, shapes, map) => {
    const once = (...inputs: Tensor[]): Tensor => {
      const y = f(...inputs);
      const grads = gradients(y, t.constant(new Float32Array(t.sizeOf(y.shape)).fill(0.7), y.shape), inputs);
      return grads[0]!;
    };
    expect(gradientError(once, shapes, map)).toBeLessThan(2e-2);
  });
});

describe("gradients where functions have edges", () => {
  const at = (f: (x: Tensor) => Tensor, values: number[]): number[] => {
    const x = t.constant(values);
    const y = f(x);
    const [dx] = gradients(y, t.ones(y.shape), [x]);
    return dx === undefined ? values.map(() => 0) : list(evaluate(dx));
  };

  test("relu and its kind let NaN through, and nothing below 0", () => {
    expect(at(t.relu, [-1, 0, 2])).toEqual([0, 0, 1]);
    const x = t.constant([NaN, -1, 1]);
    const y = t.relu(x);
    const [dx] = gradients(y, t.constant([NaN, NaN, NaN]), [x]);
    expect(list(evaluate(dx!))).toEqual([NaN, 0, NaN]);
  });
  test("a branch that overflows unseen sends no NaN back", () => {
    expect(at((x) => t.softplus(x), [1000, -1000])).toEqual([1, 0]);
    expect(at((x) => t.elu(x), [1000, -1000])).toEqual([1, 0]);
    expect(at(t.softplus, [0])).toEqual([0.5]);
  });
  test("pow at 0", () => {
    expect(at((x) => t.pow(x, 2), [0, -3])).toEqual([0, -6]);
    expect(at((x) => t.pow(x, 1), [0])).toEqual([1]);
    expect(at((x) => t.pow(x, 0), [0, 2])).toEqual([0, 0]);
    expect(at((b) => t.pow(0, b), [2, 0])).toEqual([0, 0]);
    expect(at((b) => t.pow(2, b), [3])[0]).toBeCloseTo(8 * Math.log(2), 5);
  });
  test("prod with one zero, with two, with none", () => {
    expect(at(t.prod, [2, 0, 3])).toEqual([0, 6, 0]);
    expect(at(t.prod, [0, 0, 3])).toEqual([0, 0, 0]);
    expect(at(t.prod, [2, -1, 3])).toEqual([-3, 6, -2]);
  });
  test("equal maxima share", () => {
    expect(at(t.max, [1, 3, 3])).toEqual([0, 0.5, 0.5]);
  });
  test("softmax, logSoftmax and logSumExp do not overflow", () => {
    expect(at((x) => t.narrow(t.softmax(x), 0, 0, 1), [1000, 1000])).toEqual([0.25, -0.25]);
    expect(at((x) => t.narrow(t.logSoftmax(x), 0, 0, 1), [1000, 1000])).toEqual([0.5, -0.5]);
    expect(at(t.logSumExp, [1000, 1000])).toEqual([0.5, 0.5]);
    expect(list(evaluate(t.logSumExp(t.constant([-Infinity, -Infinity]))))).toEqual([-Infinity]);
  });
  test("an ignored row has loss 0 and gradient 0, whatever its logits", () => {
    const x = t.constant([
      [NaN, 1],
      [0, 0],
    ]);
    const y = t.crossEntropy(x, t.constant([-100, 1], [2], "i32"));
    expect(evaluate(y)[0]).toBeCloseTo(Math.log(2), 6);
    const [dx] = gradients(y, t.ones([]), [x]);
    expect(list(evaluate(dx!))).toEqual([0, 0, 0.5, -0.5]);
  });
});
