import { describe, expect, test } from "vitest";
import type { ConvAttrs, Pair } from "@tatamijs/core/backend";
import { algorithmOf } from "./size.ts";
import { applyOp, wholes, type Value } from "../testing/apply.ts";

interface Case {
  readonly name: string;
  readonly batch?: number;
  readonly input: Pair;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride?: Pair;
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: Pair;
  readonly groups?: number;
}

const cases: readonly Case[] = [
  { name: "one of everything", input: [1, 1], channels: 1, filters: 1, kernel: [1, 1] },
  { name: "winograd, odd sizes", input: [13, 11], channels: 17, filters: 19, kernel: [3, 3], padding: [1, 1, 1, 1] },
  { name: "winograd, no padding, batch", batch: 3, input: [14, 14], channels: 8, filters: 32, kernel: [3, 3] },
  { name: "winograd, wide padding", input: [9, 9], channels: 16, filters: 16, kernel: [3, 3], padding: [2, 2, 2, 2] },
  { name: "1×1", input: [7, 9], channels: 33, filters: 10, kernel: [1, 1] },
  { name: "1×1, stride 2", input: [8, 8], channels: 16, filters: 7, kernel: [1, 1], stride: [2, 2] },
  {
    name: "few channels",
    batch: 2,
    input: [12, 12],
    channels: 3,
    filters: 8,
    kernel: [5, 5],
    stride: [2, 2],
    padding: [2, 2, 1, 1],
  },
  {
    name: "rectangular, dilated",
    input: [11, 15],
    channels: 4,
    filters: 5,
    kernel: [2, 3],
    dilation: [3, 2],
    padding: [1, 2, 1, 2],
  },
  {
    name: "groups",
    batch: 2,
    input: [6, 7],
    channels: 12,
    filters: 8,
    kernel: [3, 3],
    padding: [1, 1, 1, 1],
    groups: 4,
  },
  {
    name: "depthwise",
    batch: 2,
    input: [9, 10],
    channels: 5,
    filters: 5,
    kernel: [3, 3],
    padding: [1, 1, 1, 1],
    groups: 5,
  },
  {
    name: "depthwise, stride 2",
    input: [15, 15],
    channels: 6,
    filters: 6,
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
    groups: 6,
  },
  { name: "depthwise 5×5", input: [9, 9], channels: 3, filters: 3, kernel: [5, 5], padding: [2, 2, 2, 2], groups: 3 },
  {
    name: "depthwise, tall dilation",
    input: [9, 9],
    channels: 3,
    filters: 3,
    kernel: [3, 3],
    dilation: [2, 1],
    padding: [2, 1, 2, 1],
    groups: 3,
  },
  {
    name: "depthwise with a multiplier",
    input: [5, 5],
    channels: 4,
    filters: 8,
    kernel: [3, 3],
    padding: [1, 1, 1, 1],
    groups: 4,
  },
  { name: "padding beyond the kernel", input: [4, 4], channels: 2, filters: 2, kernel: [2, 2], padding: [3, 3, 3, 3] },
  {
    name: "1×1 with padding on one side",
    batch: 2,
    input: [2, 3],
    channels: 4,
    filters: 2,
    kernel: [1, 1],
    padding: [0, 0, 1, 2],
  },
  {
    name: "groups, flat kernel",
    input: [8, 3],
    channels: 16,
    filters: 4,
    kernel: [1, 2],
    padding: [0, 0, 0, 1],
    groups: 2,
  },
  {
    name: "very many channels",
    input: [2, 2],
    channels: 20000,
    filters: 2,
    kernel: [2, 2],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
  },
  { name: "height 1", input: [1, 20], channels: 3, filters: 4, kernel: [1, 5], padding: [0, 2, 0, 2] },
];

function geometry({
  input,
  kernel,
  stride = [1, 1],
  padding = [0, 0, 0, 0],
  dilation = [1, 1],
  groups = 1,
}: Case): ConvAttrs {
  const size = (axis: 0 | 1): number =>
    Math.floor(
      (input[axis] + padding[axis] + padding[axis + 2]! - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis],
    ) + 1;
  return { input, kernel, output: [size(0), size(1)], stride, padding, dilation, groups };
}

/** Visits every product x · w · y of the trilinear form, by its three addresses. */
function each(c: Case, attrs: ConvAttrs, visit: (x: number, w: number, y: number) => void): void {
  const { batch = 1, channels, filters } = c;
  const { input, output, kernel, stride, padding, dilation, groups } = attrs;
  const count = channels / groups;
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < output[0]; oy++)
      for (let ox = 0; ox < output[1]; ox++)
        for (let o = 0; o < filters; o++)
          for (let i = 0; i < kernel[0]; i++)
            for (let j = 0; j < kernel[1]; j++) {
              const y = oy * stride[0] + i * dilation[0] - padding[0];
              const x = ox * stride[1] + j * dilation[1] - padding[1];
              if (y < 0 || y >= input[0] || x < 0 || x >= input[1]) continue;
              for (let k = 0; k < count; k++) {
                const channel = Math.floor(o / (filters / groups)) * count + k;
                visit(
                  ((n * input[0] + y) * input[1] + x) * channels + channel,
                  ((o * kernel[0] + i) * kernel[1] + j) * count + k,
                  ((n * output[0] + oy) * output[1] + ox) * filters + o,
                );
              }
            }
}

const value = (shape: readonly number[], seed: number): Value => ({
  shape,
  dtype: "f32",
  data: wholes(
    shape.reduce((a, b) => a * b, 1),
    seed,
  ),
});

describe.each(cases)("$name", (c) => {
  const attrs = geometry(c);
  const { batch = 1, channels, filters } = c;
  const x = value([batch, ...c.input, channels], 1);
  const w = value([filters, ...c.kernel, channels / attrs.groups], 2);
  const y = value([batch, ...attrs.output, filters], 3);

  test("conv2d is exact on whole numbers", async () => {
    const wanted = new Float32Array(y.data.length);
    each(c, attrs, (a, b, to) => (wanted[to]! += x.data[a]! * w.data[b]!));
    expect(await applyOp("conv2d", attrs, [x, w], y)).toEqual(wanted);
  });

  test("conv2dInputGrad is exact on whole numbers", async () => {
    const wanted = new Float32Array(x.data.length);
    each(c, attrs, (to, b, a) => (wanted[to]! += y.data[a]! * w.data[b]!));
    expect(await applyOp("conv2dInputGrad", attrs, [y, w], x)).toEqual(wanted);
  });

  test("conv2dWeightGrad is exact on whole numbers", async () => {
    const wanted = new Float32Array(w.data.length);
    each(c, attrs, (a, to, b) => (wanted[to]! += x.data[a]! * y.data[b]!));
    expect(await applyOp("conv2dWeightGrad", attrs, [x, y], w)).toEqual(wanted);
  });

  test("convBlock adds bias and residual, then activates", async () => {
    const bias = value([filters], 4);
    const residual = value(y.shape, 5);
    const wanted = Float32Array.from(residual.data, (r, i) => r + bias.data[i % filters]!);
    each(c, attrs, (a, b, to) => (wanted[to]! += x.data[a]! * w.data[b]!));
    const block = { ...attrs, bias: true, residual: true, activation: "relu6" } as const;
    expect(await applyOp("convBlock", block, [x, w, bias, residual], y)).toEqual(
      wanted.map((v) => Math.min(Math.max(v, 0), 6)),
    );
  });

  test("f16", async () => {
    const half = (v: Value): Value => ({ ...v, dtype: "f16", data: Float16Array.from(v.data) });
    const wanted = new Float32Array(y.data.length);
    each(c, attrs, (a, b, to) => (wanted[to]! += x.data[a]! * w.data[b]!));
    expect(await applyOp("conv2d", attrs, [half(x), half(w)], half(y))).toEqual(Float16Array.from(wanted));
  });
});

test("large 3×3 convolutions of stride 1 run by Winograd's algorithm, depthwise ones by their own", () => {
  const of = ({ batch = 1, channels, filters, ...c }: Case): string =>
    algorithmOf({ batch, channels, filters, attrs: geometry({ ...c, channels, filters }) });
  expect(of(cases[1]!)).toBe("winograd");
  expect(of(cases[4]!)).toBe("product");
  expect(of(cases[9]!)).toBe("depthwise");
});
