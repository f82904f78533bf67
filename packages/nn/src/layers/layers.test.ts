// Shapes, state names and numbers of the layers, held against sums written out here.
import { constant, input, type Layer, type Shape, type Tensor } from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import * as nn from "../index.ts";
import { close, numbers, thrown, wave } from "../testing/run.ts";

const shapeOf = (layer: Layer, shape: Shape): Shape => layer.forward(input(shape), nn.inference()).shape;

test.each<[string, Layer, Shape, Shape]>([
  ["conv2d", nn.conv2d(3, 8, 3, { stride: 2, padding: 1, rounding: "floor" }), [2, 3, 8, 8], [2, 8, 4, 4]],
  ["conv2d same", nn.conv2d(1, 4, [3, 5], { padding: "same" }), [1, 1, 7, 9], [1, 4, 7, 9]],
  ["depthwise", nn.conv2d(6, 6, 3, { groups: 6 }), [1, 6, 5, 5], [1, 6, 3, 3]],
  ["conv1d", nn.conv1d(2, 4, 3, { stride: 2 }), [3, 2, 9], [3, 4, 4]],
  [
    "convTranspose2d",
    nn.convTranspose2d(4, 2, 3, { stride: 2, outputPadding: 1, padding: 1 }),
    [1, 4, 5, 5],
    [1, 2, 10, 10],
  ],
  ["linear", nn.linear(5, 7), [4, 5], [4, 7]],
  ["linear, more axes", nn.linear(5, 7), [4, 3, 5], [4, 3, 7]],
  ["maxPool2d", nn.maxPool2d(2), [1, 3, 8, 6], [1, 3, 4, 3]],
  ["maxPool2d ceil", nn.maxPool2d(3, { stride: 2, rounding: "ceil" }), [1, 3, 8, 8], [1, 3, 4, 4]],
  ["avgPool2d", nn.avgPool2d([2, 4]), [1, 3, 8, 8], [1, 3, 4, 2]],
  ["adaptiveAvgPool2d", nn.adaptiveAvgPool2d([3, 2]), [2, 3, 7, 5], [2, 3, 3, 2]],
  ["batchNorm2d", nn.batchNorm2d(3), [2, 3, 4, 4], [2, 3, 4, 4]],
  ["batchNorm1d", nn.batchNorm1d(3), [2, 3], [2, 3]],
  ["groupNorm", nn.groupNorm(2, 4), [2, 4, 3, 3], [2, 4, 3, 3]],
  ["layerNorm", nn.layerNorm([4, 3]), [2, 4, 3], [2, 4, 3]],
  ["flatten", nn.flatten(), [2, 3, 4, 5], [2, 60]],
  ["softmax", nn.softmax(), [2, 3], [2, 3]],
  ["residual", nn.residual(nn.conv2d(3, 5, 3, { padding: 1 }), nn.conv2d(3, 5, 1)), [1, 3, 4, 4], [1, 5, 4, 4]],
])("%s: shape", (_, layer, given, wanted) => {
  expect(shapeOf(layer, given)).toEqual(wanted);
});

test("activations keep the shape", () => {
  for (const layer of [
    nn.relu(),
    nn.relu6(),
    nn.sigmoid(),
    nn.tanh(),
    nn.silu(),
    nn.gelu(),
    nn.leakyRelu(),
    nn.elu(),
    nn.hardSwish(),
    nn.hardSigmoid(),
    nn.dropout(),
    nn.identity(),
  ]) {
    expect(shapeOf(layer, [2, 3])).toEqual([2, 3]);
  }
});

test("states have PyTorch's names and shapes, nested", () => {
  const model = nn.sequential(
    nn.conv2d(1, 8, 5),
    nn.sequential({ norm: nn.batchNorm2d(8), act: nn.relu() }),
    nn.residual(nn.sequential(nn.conv2d(8, 8, 3, { padding: 1, bias: false }))),
    nn.convTranspose2d(8, 6, [2, 3], { groups: 2 }),
    nn.conv1d(2, 3, 4),
    nn.linear(3, 2),
  );
  const shapes = Object.fromEntries(Object.entries(model.state).map(([name, { shape }]) => [name, shape]));
  expect(shapes).toEqual({
    "0.weight": [8, 1, 5, 5],
    "0.bias": [8],
    "1.norm.weight": [8],
    "1.norm.bias": [8],
    "1.norm.running_mean": [8],
    "1.norm.running_var": [8],
    "2.body.0.weight": [8, 8, 3, 3],
    "3.weight": [8, 3, 2, 3],
    "3.bias": [6],
    "4.weight": [3, 2, 4],
    "4.bias": [3],
    "5.weight": [2, 3],
    "5.bias": [2],
  });
  expect(model.buffers).toEqual(["1.norm.running_mean", "1.norm.running_var"]);
  expect(Object.keys(nn.parameters(model))).not.toContain("1.norm.running_mean");
});

describe("numbers", () => {
  test("conv2d reads a weight given as (FN, C, FH, FW)", async () => {
    const layer = nn.conv2d(2, 3, [2, 3], { stride: [1, 2] });
    const [w, b, x] = [wave(36), wave(3, 1), wave(2 * 2 * 3 * 5, 2)];
    nn.loadState(layer, { weight: { shape: [3, 2, 2, 3], data: w }, bias: { shape: [3], data: b } });
    const wanted: number[] = [];
    for (let n = 0; n < 2; n++)
      for (let k = 0; k < 3; k++)
        for (let oy = 0; oy < 2; oy++)
          for (let ox = 0; ox < 2; ox++) {
            let sum = b[k]!;
            for (let c = 0; c < 2; c++)
              for (let fy = 0; fy < 2; fy++)
                for (let fx = 0; fx < 3; fx++)
                  sum += x[((n * 2 + c) * 3 + oy + fy) * 5 + ox * 2 + fx]! * w[((k * 2 + c) * 2 + fy) * 3 + fx]!;
            wanted.push(sum);
          }
    close(await numbers(layer.forward(constant(x, [2, 2, 3, 5]), nn.inference())), wanted);
  });

  test("conv1d reads a weight given as (FN, C, F)", async () => {
    const layer = nn.conv1d(2, 2, 3, { padding: 1, bias: false });
    const [w, x] = [wave(12), wave(8, 1)];
    nn.loadState(layer, { weight: { shape: [2, 2, 3], data: w } });
    const wanted: number[] = [];
    for (let k = 0; k < 2; k++)
      for (let o = 0; o < 4; o++) {
        let sum = 0;
        for (let c = 0; c < 2; c++)
          for (let f = 0; f < 3; f++)
            sum += (o + f - 1 >= 0 && o + f - 1 < 4 ? x[c * 4 + o + f - 1]! : 0) * w[(k * 2 + c) * 3 + f]!;
        wanted.push(sum);
      }
    close(await numbers(layer.forward(constant(x, [1, 2, 4]), nn.inference())), wanted);
  });

  test("convTranspose2d scatters, with a weight given as (C, FN/groups, FH, FW)", async () => {
    const layer = nn.convTranspose2d(2, 4, 2, { stride: 2, groups: 2 });
    const [w, b, x] = [wave(16), wave(4, 1), wave(8, 2)];
    nn.loadState(layer, { weight: { shape: [2, 2, 2, 2], data: w }, bias: { shape: [4], data: b } });
    const wanted = Float64Array.from({ length: 64 }, (_, i) => b[Math.floor(i / 16)]!);
    for (let c = 0; c < 2; c++)
      for (let y = 0; y < 2; y++)
        for (let k = 0; k < 2; k++)
          for (let z = 0; z < 2; z++)
            for (let fy = 0; fy < 2; fy++)
              for (let fx = 0; fx < 2; fx++) {
                const at = ((c * 2 + k) * 4 + y * 2 + fy) * 4 + z * 2 + fx;
                wanted[at] = wanted[at]! + x[(c * 2 + y) * 2 + z]! * w[((c * 2 + k) * 2 + fy) * 2 + fx]!;
              }
    close(await numbers(layer.forward(constant(x, [1, 2, 2, 2]), nn.inference())), wanted);
  });

  test("linear is x·Wᵀ + b", async () => {
    const layer = nn.linear(2, 3);
    nn.loadState(layer, {
      weight: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      bias: { shape: [3], data: Float32Array.of(10, 20, 30) },
    });
    expect(
      await numbers(
        layer.forward(
          constant([
            [1, 1],
            [2, -1],
          ]),
          nn.inference(),
        ),
      ),
    ).toEqual([13, 27, 41, 10, 22, 34]);
  });

  test("batchNorm2d trains on biased variance and keeps the unbiased one, and predicts by what it kept", async () => {
    // Channel 0 holds 1, 3, 5, 7: mean 4, biased variance 5, unbiased 20/3. Channel 1: 0, 0, 4, 4: 2, 4, 16/3.
    const layer = nn.batchNorm2d(2);
    const x = constant([
      [[[1, 3]], [[0, 0]]],
      [[[5, 7]], [[4, 4]]],
    ]);
    const context = nn.training();
    const y = layer.forward(x, context);
    const r = (v: number): number => 1 / Math.sqrt(v + 1e-5);
    close(await numbers(y), [-3 * r(5), -1 * r(5), -2 * r(4), -2 * r(4), 1 * r(5), 3 * r(5), 2 * r(4), 2 * r(4)]);
    const next = new Map(context.updates);
    const mean = await numbers(next.get(layer.state["running_mean"]!)!);
    const variance = await numbers(next.get(layer.state["running_var"]!)!);
    close(mean, [0.4, 0.2]);
    close(variance, [0.9 + 0.1 * (20 / 3), 0.9 + 0.1 * (16 / 3)]);
    nn.loadState(layer, {
      weight: { shape: [2], data: Float32Array.of(2, 1) },
      bias: { shape: [2], data: Float32Array.of(0, 1) },
      running_mean: { shape: [2], data: Float32Array.from(mean) },
      running_var: { shape: [2], data: Float32Array.from(variance) },
      num_batches_tracked: { shape: [], data: BigInt64Array.of(1n) },
    });
    const [s0, s1] = [2 * r(0.9 + 2 / 3), r(0.9 + 1.6 / 3)];
    close(await numbers(layer.forward(x, nn.inference())), [
      0.6 * s0,
      2.6 * s0,
      -0.2 * s1 + 1,
      -0.2 * s1 + 1,
      4.6 * s0,
      6.6 * s0,
      3.8 * s1 + 1,
      3.8 * s1 + 1,
    ]);
  });

  test("batchNorm2d without running statistics uses the batch's own in prediction", async () => {
    const layer = nn.batchNorm2d(1, { trackRunningStats: false, affine: false, eps: 0 });
    expect(layer.state).toEqual({});
    close(await numbers(layer.forward(constant([[[[1, 3]]]]), nn.inference())), [-1, 1]);
  });

  test("groupNorm and layerNorm", async () => {
    const x = constant([[[1], [3], [10], [30]]]);
    close(await numbers(nn.groupNorm(2, 4, { eps: 0 }).forward(x, nn.inference())), [-1, 1, -1, 1]);
    const layer = nn.layerNorm(2, { eps: 0 });
    nn.loadState(layer, {
      weight: { shape: [2], data: Float32Array.of(3, 4) },
      bias: { shape: [2], data: Float32Array.of(1, 0) },
    });
    close(
      await numbers(
        layer.forward(
          constant([
            [5, 9],
            [2, 0],
          ]),
          nn.inference(),
        ),
      ),
      [-2, 4, 4, -4],
    );
  });

  test("adaptiveAvgPool2d takes ⌊iH/O⌋ to ⌈(i+1)H/O⌉", async () => {
    const x = constant([[[[1, 2, 3, 4, 5]]]]);
    close(await numbers(nn.adaptiveAvgPool2d([1, 3]).forward(x, nn.inference())), [1.5, 3, 4.5]);
    close(await numbers(nn.adaptiveAvgPool2d(1).forward(x, nn.inference())), [3]);
  });

  test("dropout is nothing in prediction; in training it keeps the mean and draws anew", async () => {
    const layer = nn.dropout(0.25);
    const x = constant(new Float32Array(40_000).fill(1), [40_000]);
    expect(layer.forward(x, nn.inference())).toBe(x);
    const context = nn.training(nn.counter(), 5);
    const [first, second] = [layer.forward(x, context), layer.forward(x, context)];
    expect(context.updates).toHaveLength(1);
    const [a, b] = [await numbers(first), await numbers(second)];
    expect(new Set(a)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(a).not.toEqual(b);
    expect(a.filter((v) => v === 0).length / a.length).toBeCloseTo(0.25, 1);
    expect(await numbers(nn.dropout(0.25).forward(x, nn.training(nn.counter(), 5)))).toEqual(a);
    expect(new Set(await numbers(nn.dropout(1).forward(x, nn.training())))).toEqual(new Set([0]));
  });

  test("residual adds; a shortcut that does not fit says so", async () => {
    const x = constant([1, -2]);
    expect(await numbers(nn.residual(nn.relu()).forward(x, nn.inference()))).toEqual([2, -2]);
    const plain: Tensor = input([1, 2, 3, 3]);
    const error = thrown(() => nn.residual(nn.conv2d(2, 4, 1)).forward(plain, nn.inference()));
    expect(error.code).toBe("shape");
    expect(error.message).toContain("nn.conv2d(2, 4, 1)");
  });
});

test("a layer of one's own takes part by its states and its function", async () => {
  const inner = nn.linear(2, 2);
  const block = nn.module("twice", {
    children: { inner },
    forward: (x, context) => inner.forward(inner.forward(x, context), context),
  });
  const plain: Layer = { state: {}, forward: (x) => x };
  const model = nn.sequential(
    block,
    plain,
    nn.lambda((x) => x),
  );
  expect(Object.keys(model.state)).toEqual(["0.inner.weight", "0.inner.bias"]);
  expect(shapeOf(model, [3, 2])).toEqual([3, 2]);
});

test("batchNorm2d refuses to train on one value per channel", () => {
  const error = thrown(() => nn.batchNorm2d(3).forward(input([1, 3, 1, 1]), nn.training()));
  expect(error.code).toBe("shape");
  expect(error.message).toContain("dropLast");
});
