// Sizes at which tiles are chosen that the kit's small ones do not reach, each against the kit's oracle.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConvAttrs } from "@tatamijs/core/backend";
import { checkCase, type Case, type Operand } from "@tatamijs/conformance";
import type { Profile } from "../kernel.ts";
import { webgpu, type WebGpuBackend } from "../webgpu.ts";

interface Size {
  readonly name: string;
  readonly n?: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly k: number;
  readonly f: number;
  readonly s?: number;
  readonly p?: number;
  readonly d?: number;
  readonly g?: number;
}

const sizes: readonly Size[] = [
  { name: "rows of vectors, 14 pixels", h: 14, w: 28, c: 32, k: 32, f: 3, p: 1 },
  { name: "7 pixels, stride 2", h: 15, w: 15, c: 32, k: 64, f: 3, s: 2, p: 1 },
  { name: "4 pixels, a ragged end", h: 12, w: 18, c: 16, k: 36, f: 5, p: 2 },
  { name: "taps: dilation 2", h: 18, w: 18, c: 20, k: 32, f: 3, p: 2, d: 2 },
  { name: "channels that are no vectors", h: 14, w: 14, c: 30, k: 42, f: 3, p: 1 },
  { name: "1 channel", n: 4, h: 28, w: 28, c: 1, k: 32, f: 5, p: 0 },
  { name: "3 channels, 7×7, stride 2", h: 49, w: 49, c: 3, k: 32, f: 7, s: 2, p: 3 },
  { name: "1×1, the whole batch one row", n: 3, h: 14, w: 15, c: 64, k: 64, f: 1 },
  { name: "groups", h: 16, w: 16, c: 64, k: 64, f: 3, p: 1, g: 2 },
  { name: "depthwise 3×3", n: 2, h: 17, w: 24, c: 12, k: 12, f: 3, p: 1, g: 12 },
  { name: "depthwise 3×3, stride 2", h: 21, w: 21, c: 8, k: 8, f: 3, s: 2, p: 1, g: 8 },
  { name: "depthwise 5×5", h: 15, w: 18, c: 6, k: 6, f: 5, p: 2, g: 6 },
  { name: "winograd, ragged tiles", n: 2, h: 13, w: 18, c: 40, k: 36, f: 3, p: 1 },
  { name: "winograd without padding", h: 30, w: 30, c: 32, k: 32, f: 3 },
];

const attrsOf = ({ h, w, f, s = 1, p = 0, d = 1, g = 1 }: Size): ConvAttrs => {
  const out = (size: number): number => Math.floor((size + 2 * p - d * (f - 1) - 1) / s) + 1;
  return {
    input: [h, w],
    kernel: [f, f],
    output: [out(h), out(w)],
    stride: [s, s],
    padding: [p, p, p, p],
    dilation: [d, d],
    groups: g,
  };
};

const operand = (shape: readonly number[]): Operand => ({
  shape,
  dtype: "f32",
  fill: { kind: "uniform", low: -1, high: 1 },
});

function casesOf(size: Size): Case[] {
  const attrs = attrsOf(size);
  const { n = 1, h, w, c, k, f, g = 1, name } = size;
  const [x, filters, y] = [operand([n, h, w, c]), operand([k, f, f, c / g]), operand([n, ...attrs.output, k])];
  const id = name.replaceAll(/\W+/g, "-");
  const block = { ...attrs, bias: true, residual: true, activation: "relu" };
  return [
    { id: `conv2d/${id}`, op: "conv2d", attrs, inputs: [x, filters], tags: [] },
    { id: `convBlock/${id}`, op: "convBlock", attrs: block, inputs: [x, filters, operand([k]), y], tags: [] },
    { id: `conv2dInputGrad/${id}`, op: "conv2dInputGrad", attrs, inputs: [y, filters], tags: [] },
    { id: `conv2dWeightGrad/${id}`, op: "conv2dWeightGrad", attrs, inputs: [x, y], tags: [] },
  ];
}

const products: readonly Case[] = [
  [70, 65, 130],
  [64, 128, 256],
  [1, 300, 1000],
  [33, 512, 36],
].map(([m = 0, k = 0, n = 0]) => ({
  id: `matmul/${m}-${k}-${n}`,
  op: "matmul",
  attrs: { ta: false, tb: false },
  inputs: [operand([m, k]), operand([k, n])],
  tags: [],
}));

describe.each<Profile>(["direct", "gpu"])("%s tiles", (profile) => {
  let backend: WebGpuBackend;
  beforeAll(async () => {
    backend = await webgpu({ profile });
  });
  afterAll(() => backend.close());

  test.each([...sizes.flatMap(casesOf), ...products])("$id", async (one) => {
    let checks = 0;
    for await (const { status, reason } of checkCase(backend, one)) {
      expect(status, reason).toBe("pass");
      checks++;
    }
    expect(checks).toBeGreaterThan(0);
    expect(backend.info.messages).toEqual([]);
  });
});
