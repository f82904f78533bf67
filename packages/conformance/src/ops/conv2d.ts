/**
 * The convolution triad: each meaning is its own nest of loops over the definition, none the transpose of another, so that
 * the adjoint law ⟨conv(x, w), dy⟩ = ⟨x, inputGrad(dy, w)⟩ = ⟨w, weightGrad(x, dy)⟩ says something.
 */
import type { ConvAttrs } from "@tatamijs/core";
import {
  batches,
  convShapes,
  geometries,
  grouped,
  large,
  nameOf,
  randomConv,
  tiles,
  type ConvCase,
} from "../convolutions.ts";
import { as, given, integers, put, uniform } from "../fill.ts";
import { sumUlps, type Case, type CaseBody, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { windows } from "../windows.ts";
import type { Value } from "../value.ts";

type TriadName = "conv2d" | "conv2dInputGrad" | "conv2dWeightGrad";

/** y[n, oy, ox, k] = Σ x[n, oy·s + fy·d − p, …, c] · w[k, fy, fx, c], padding read as 0. */
export function convMeaning([x, w]: readonly Value[], attrs: ConvAttrs): Meaning {
  const [N, H, W, C] = x!.shape as [number, number, number, number];
  const [K, FH, FW, CG] = w!.shape as [number, number, number, number];
  const [OH, OW] = attrs.output;
  const perGroup = K / attrs.groups;
  const shape = [N, OH, OW, K];
  const values = new Float64Array(N * OH * OW * K);
  const size = new Float64Array(values.length);
  let at = 0;
  for (let n = 0; n < N; n++)
    for (let oy = 0; oy < OH; oy++)
      for (let ox = 0; ox < OW; ox++)
        for (let k = 0; k < K; k++, at++) {
          const c0 = Math.floor(k / perGroup) * CG;
          for (let fy = 0; fy < FH; fy++) {
            const iy = oy * attrs.stride[0] + fy * attrs.dilation[0] - attrs.padding[0];
            if (iy < 0 || iy >= H) continue;
            for (let fx = 0; fx < FW; fx++) {
              const ix = ox * attrs.stride[1] + fx * attrs.dilation[1] - attrs.padding[1];
              if (ix < 0 || ix >= W) continue;
              for (let c = 0; c < CG; c++) {
                const product =
                  x!.data[((n * H + iy) * W + ix) * C + c0 + c]! * w!.data[((k * FH + fy) * FW + fx) * CG + c]!;
                values[at]! += product;
                size[at]! += Math.abs(product);
              }
            }
          }
        }
  const ulps = sumUlps(FH * FW * CG);
  return { shape, dtype: x!.dtype, values, size, error: size.map((s) => s * ulps) };
}

/** Every product dy·w is added to the input element that it came from. */
function inputGradMeaning([dy, w]: readonly Value[], attrs: ConvAttrs): Meaning {
  const [N, OH, OW, K] = dy!.shape as [number, number, number, number];
  const [, FH, FW, CG] = w!.shape as [number, number, number, number];
  const [H, W] = attrs.input;
  const C = CG * attrs.groups;
  const perGroup = K / attrs.groups;
  const values = new Float64Array(N * H * W * C);
  const size = new Float64Array(values.length);
  const terms = new Float64Array(values.length);
  for (let n = 0; n < N; n++)
    for (let iy = 0; iy < H; iy++)
      for (let fy = 0; fy < FH; fy++) {
        const oy = (iy + attrs.padding[0] - fy * attrs.dilation[0]) / attrs.stride[0];
        if (!Number.isInteger(oy) || oy < 0 || oy >= OH) continue;
        for (let ix = 0; ix < W; ix++)
          for (let fx = 0; fx < FW; fx++) {
            const ox = (ix + attrs.padding[1] - fx * attrs.dilation[1]) / attrs.stride[1];
            if (!Number.isInteger(ox) || ox < 0 || ox >= OW) continue;
            for (let k = 0; k < K; k++) {
              const group = Math.floor(k / perGroup);
              for (let c = 0; c < CG; c++) {
                const to = ((n * H + iy) * W + ix) * C + group * CG + c;
                const product =
                  dy!.data[((n * OH + oy) * OW + ox) * K + k]! * w!.data[((k * FH + fy) * FW + fx) * CG + c]!;
                values[to]! += product;
                size[to]! += Math.abs(product);
                terms[to]!++;
              }
            }
          }
      }
  return { shape: [N, H, W, C], dtype: dy!.dtype, values, size, error: size.map((s, i) => s * sumUlps(terms[i]!)) };
}

/** w'[k, fy, fx, c] = Σ over images and windows of x under the tap, times dy. */
function weightGradMeaning([x, dy]: readonly Value[], attrs: ConvAttrs): Meaning {
  const [N, H, W, C] = x!.shape as [number, number, number, number];
  const [, OH, OW, K] = dy!.shape as [number, number, number, number];
  const [FH, FW] = attrs.kernel;
  const CG = C / attrs.groups;
  const values = new Float64Array(K * FH * FW * CG);
  const size = new Float64Array(values.length);
  const terms = new Float64Array(values.length);
  for (let fy = 0; fy < FH; fy++)
    for (let fx = 0; fx < FW; fx++)
      for (let oy = 0; oy < OH; oy++) {
        const iy = oy * attrs.stride[0] + fy * attrs.dilation[0] - attrs.padding[0];
        if (iy < 0 || iy >= H) continue;
        for (let ox = 0; ox < OW; ox++) {
          const ix = ox * attrs.stride[1] + fx * attrs.dilation[1] - attrs.padding[1];
          if (ix < 0 || ix >= W) continue;
          for (let n = 0; n < N; n++)
            for (let k = 0; k < K; k++) {
              const g = dy!.data[((n * OH + oy) * OW + ox) * K + k]!;
              const c0 = Math.floor((k * attrs.groups) / K) * CG;
              for (let c = 0; c < CG; c++) {
                const to = ((k * FH + fy) * FW + fx) * CG + c;
                const product = x!.data[((n * H + iy) * W + ix) * C + c0 + c]! * g;
                values[to]! += product;
                size[to]! += Math.abs(product);
                terms[to]!++;
              }
            }
        }
      }
  return { shape: [K, FH, FW, CG], dtype: x!.dtype, values, size, error: size.map((s, i) => s * sumUlps(terms[i]!)) };
}

/** The two operands of a member of the triad. */
function operands(op: TriadName, c: ConvCase, attrs: ConvAttrs): [number[], number[]] {
  const { x, w, y } = convShapes(c, attrs);
  return op === "conv2d" ? [x, w] : op === "conv2dInputGrad" ? [y, w] : [x, y];
}

type Make = (shape: readonly number[]) => Operand;
const numbers: readonly Make[] = [(shape) => integers(shape), (shape) => uniform(shape)];

const attrsOf = (c: ConvCase): ConvAttrs => ({ ...windows(c), groups: c.g ?? 1 });

function one(op: TriadName, family: Tag, c: ConvCase, make: Make, suffix: string, ...tags: Tag[]): Case<ConvAttrs> {
  const attrs = attrsOf(c);
  const [a, b] = operands(op, c, attrs);
  return {
    id: `${op}/${family}/${nameOf(c)}${suffix}`,
    op,
    attrs,
    inputs: [make(a), make(b)],
    tags: [family, ...tags],
  };
}

/** Whole numbers in the first of two, fractions in the second; gradients where they are cheap. */
function alternating(op: TriadName, family: Tag, list: readonly ConvCase[]): Case<ConvAttrs>[] {
  return list.map((c, i) => one(op, family, c, numbers[i % 2]!, "", ...(i % 3 === 0 ? (["grad"] as const) : [])));
}

/** NaN and ∞ stand without padding: whether 0 · NaN is taken over the border is a backend's own business. */
function special(op: TriadName): Case<ConvAttrs>[] {
  const c: ConvCase = { h: 5, w: 5, c: 2, k: 3, f: 3 };
  const attrs = attrsOf(c);
  const [a, b] = operands(op, c, attrs);
  const last = a.reduce((product, size) => product * size, 1) - 1;
  const places = { first: 0, middle: last >> 1, last };
  return Object.entries(places).flatMap(([name, place]) =>
    (
      [
        ["nan", NaN],
        ["infinity", Infinity],
        ["infinity", -Infinity],
      ] as const
    ).map(([tag, x], i) => ({
      id: `${op}/${tag}/${i === 2 ? "minus-" : ""}${name}`,
      op,
      attrs,
      inputs: [put(uniform(a), [place, x]), uniform(b, 0.5, 1)],
      tags: [tag],
    })),
  );
}

function others(op: TriadName): Case<ConvAttrs>[] {
  const small: ConvCase = { n: 2, h: 5, w: 6, c: 4, k: 3, f: 3, p: 1 };
  const large = (shape: readonly number[]): Operand => integers(shape, -2000, 2000);
  const cancelling = (shape: readonly number[]): Operand => ({
    shape,
    dtype: "f32",
    fill: { kind: "values", values: [1e4, -1e4, 1, -1, 0.5] },
  });
  return [
    one(op, "zero", small, (shape) => given(shape, [0]), "-zeros"),
    one(op, "zero", small, (shape) => given(shape, [-0, 0]), "-minus-zeros"),
    one(op, "geometry", { ...small, k: 7 }, large, "-large-numbers"),
    one(op, "geometry", { ...small, k: 5 }, cancelling, "-cancelling"),
    one(op, "geometry", { ...small, c: 3 }, (shape) => uniform(shape, 1e-3, 1e3), "-wide-range"),
    ...[1, 3, 4, 8].flatMap((c) => [
      one(op, "dtype", { ...small, c }, (shape) => as(integers(shape, -2, 2), "f16"), "-f16-whole"),
      one(op, "dtype", { ...small, c }, (shape) => as(uniform(shape), "f16"), "-f16"),
    ]),
    one(op, "dtype", { h: 6, w: 6, c: 4, k: 4, f: 3, p: 1, s: 2, g: 4 }, (shape) => as(uniform(shape), "f16"), "-f16"),
    {
      ...one(op, "geometry", { ...small, h: 8, w: 8 }, (shape) => integers(shape), "-memory"),
      tags: ["geometry", "memory"],
    },
    {
      ...one(op, "geometry", { ...small, h: 9, c: 8, k: 8 }, (shape) => uniform(shape), "-memory"),
      tags: ["geometry", "memory"],
    },
    {
      ...one(op, "groups", { ...small, k: 4, g: 4 }, (shape) => uniform(shape), "-memory"),
      tags: ["groups", "memory"],
    },
  ];
}

/** The seed's figures: 7 × 7, 3 × 3, no padding. All ones, so every output counts its window. */
function golden(): Case<ConvAttrs>[] {
  const ones = (shape: readonly number[]): Operand => given(shape, [1]);
  const figures = (s: number, out: number): Case<ConvAttrs> => ({
    ...one("conv2d", "golden", { h: 7, w: 7, c: 1, k: 1, f: 3, s, rounding: "exact" }, ones, ""),
    expect: Array.from({ length: out * out }, () => 9),
  });
  const border: ConvCase = { h: 3, w: 3, c: 1, k: 1, f: 3, p: 1 };
  const counting = attrsOf(border);
  return [
    figures(1, 5),
    figures(2, 3),
    { ...one("conv2d", "golden", border, ones, ""), expect: [4, 6, 4, 6, 9, 6, 4, 6, 4] },
    // Cross-correlation, not convolution: the first tap meets the first element.
    {
      id: "conv2d/golden/taps-in-order",
      op: "conv2d",
      attrs: attrsOf({ h: 2, w: 3, c: 1, k: 1, f: [2, 2] }),
      inputs: [given([1, 2, 3, 1], [1, 2, 3, 4, 5, 6]), given([1, 2, 2, 1], [1, 10, 100, 1000])],
      tags: ["golden"],
      expect: [1 + 20 + 400 + 5000, 2 + 30 + 500 + 6000],
    },
    // Depthwise with a multiplier of 2: filters 0 and 1 see channel 0, 2 and 3 see channel 1.
    {
      id: "conv2d/golden/depthwise-multiplier",
      op: "conv2d",
      attrs: attrsOf({ h: 1, w: 2, c: 2, k: 4, f: 1, g: 2 }),
      inputs: [given([1, 1, 2, 2], [1, 2, 3, 4]), given([4, 1, 1, 1], [10, 20, 30, 40])],
      tags: ["golden"],
      expect: [10, 20, 60, 80, 30, 60, 120, 160],
    },
    {
      id: "conv2dInputGrad/golden/counts-windows",
      op: "conv2dInputGrad",
      attrs: counting,
      inputs: [ones([1, 3, 3, 1]), ones([1, 3, 3, 1])],
      tags: ["golden"],
      expect: [4, 6, 4, 6, 9, 6, 4, 6, 4],
    },
    // Transposed convolution of [1, 2], stride 2, kernel [1, 10, 100]: 1 10 100+2 20 200.
    {
      id: "conv2dInputGrad/golden/transposed",
      op: "conv2dInputGrad",
      attrs: attrsOf({ h: 1, w: 5, c: 1, k: 1, f: [1, 3], s: 2 }),
      inputs: [given([1, 1, 2, 1], [1, 2]), given([1, 1, 3, 1], [1, 10, 100])],
      tags: ["golden"],
      expect: [1, 10, 102, 20, 200],
    },
    {
      id: "conv2dWeightGrad/golden/taps",
      op: "conv2dWeightGrad",
      attrs: attrsOf({ h: 2, w: 2, c: 1, k: 1, f: 2, p: [0, 0, 1, 1] }),
      inputs: [given([1, 2, 2, 1], [1, 2, 3, 4]), given([1, 2, 2, 1], [1, 10, 100, 1000])],
      tags: ["golden"],
      expect: [1 + 20 + 300 + 4000, 2 + 400, 3 + 40, 4],
    },
  ];
}

function casesOf(op: TriadName): Case<ConvAttrs>[] {
  return [
    ...golden().filter((c) => c.op === op),
    ...alternating(op, "straddle", tiles),
    ...alternating(op, "geometry", geometries),
    ...alternating(op, "groups", grouped),
    ...alternating(op, "batch", batches),
    ...large.map((c, i) => one(op, "large", c, numbers[i % 2]!, "")),
    // Sums of the filters' gradient that a backend may cut in parts.
    one(op, "geometry", { h: 44, w: 44, c: 6, k: 5, f: 5 }, numbers[0]!, "many-pixels"),
    ...special(op),
    ...others(op),
  ];
}

function kit(op: TriadName, meaning: OpKit<ConvAttrs>["meaning"]): OpKit<ConvAttrs> {
  return {
    meaning,
    cases: () => casesOf(op),
    random(from): CaseBody<ConvAttrs> {
      const { c, attrs } = randomConv(from);
      const [a, b] = operands(op, c, attrs);
      const make = from.pick(numbers);
      return { attrs, inputs: [make(a), make(b)], tags: ["random", "grad"] };
    },
  };
}

export const conv2dKit: OpKit<ConvAttrs> = kit("conv2d", convMeaning);
export const conv2dInputGradKit: OpKit<ConvAttrs> = kit("conv2dInputGrad", inputGradMeaning);
export const conv2dWeightGradKit: OpKit<ConvAttrs> = kit("conv2dWeightGrad", weightGradMeaning);
