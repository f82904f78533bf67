/**
 * The convolution triad: each meaning is its own nest of loops over the definition, none the transpose of another, so that
 * the adjoint law ⟨conv(x, w), dy⟩ = ⟨x, inputGrad(dy, w)⟩ = ⟨w, weightGrad(x, dy)⟩ says something.
 */
import type { ConvAttrs } from "@tatamijs/core";
import { as, given, integers, put, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type CaseBody, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import type { Rng } from "../rng.ts";
import { randomWindows, windows, type WindowCase } from "../windows.ts";
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

/** One convolution of the kit: batch, channels, filters, groups and its windows. */
export interface ConvCase extends WindowCase {
  readonly n?: number;
  readonly c: number;
  readonly k: number;
  readonly g?: number;
}

export function convShapes(
  { n = 1, c, k, g = 1 }: ConvCase,
  attrs: ConvAttrs,
): { x: number[]; w: number[]; y: number[] } {
  return { x: [n, ...attrs.input, c], w: [k, ...attrs.kernel, c / g], y: [n, ...attrs.output, k] };
}

/** The two operands of a member of the triad. */
function operands(op: TriadName, c: ConvCase, attrs: ConvAttrs): [number[], number[]] {
  const { x, w, y } = convShapes(c, attrs);
  return op === "conv2d" ? [x, w] : op === "conv2dInputGrad" ? [y, w] : [x, y];
}

type Make = (shape: readonly number[]) => Operand;
const numbers: readonly Make[] = [(shape) => integers(shape), (shape) => uniform(shape)];

/** Named after its figures: `n2-h7x5-c4-k8-f3-s2-p1-d1-g4`. */
function nameOf(c: ConvCase): string {
  const list = (v: number | readonly number[]): string => (typeof v === "number" ? `${v}` : v.join("x"));
  return [
    ...(c.n === undefined ? [] : [`n${c.n}`]),
    `h${c.h === c.w ? c.h : `${c.h}x${c.w}`}`,
    `c${c.c}`,
    `k${c.k}`,
    `f${list(c.f)}`,
    ...(c.s === undefined ? [] : [`s${list(c.s)}`]),
    ...(c.p === undefined ? [] : [`p${list(c.p)}`]),
    ...(c.d === undefined ? [] : [`d${list(c.d)}`]),
    ...(c.g === undefined ? [] : [`g${c.g}`]),
    ...(c.rounding === undefined ? [] : [c.rounding]),
  ].join("-");
}

/** Sizes around the edges of tiles: of rows, of channels, of filters, of all together. */
const tiles: readonly ConvCase[] = straddling.flatMap((size) => [
  { h: 6, w: 6, c: size, k: 5, f: 3, p: 1 },
  { h: 5, w: 5, c: 3, k: size, f: 3, p: 1 },
  { h: size, w: size, c: 4, k: 4, f: 3, p: 1 },
  { h: size, w: 20 - size, c: 2, k: 3, f: 3, p: 1 },
  { h: 4, w: 5, c: size, k: size, f: 1 },
  { h: 9, w: size + 2, c: size, k: size, f: 3, g: size, p: 1, s: 2 },
]);

/** Every part of a geometry by itself and in pairs. */
const geometries: readonly ConvCase[] = [
  ...[1, 2, 3, 4, 5, 7].map((f) => ({ h: 11, w: 9, c: 3, k: 2, f })),
  ...[1, 2, 3, 4].flatMap((s) => [0, 1, 2].map((p) => ({ h: 10, w: 9, c: 2, k: 3, f: 3, s, p }))),
  ...[2, 3].flatMap((d) => [0, 2].map((p) => ({ h: 11, w: 12, c: 2, k: 3, f: 3, d, p }))),
  ...[2, 3].map((d) => ({ h: 11, w: 12, c: 2, k: 3, f: 3, d, p: 1, s: 2 })),
  ...(
    [
      [1, 3],
      [3, 1],
      [1, 7],
      [7, 1],
      [2, 3],
      [5, 2],
    ] as const
  ).map((f) => ({ h: 9, w: 10, c: 3, k: 4, f, p: 1 })),
  ...(
    [
      [1, 2],
      [2, 1],
      [3, 2],
      [1, 3],
    ] as const
  ).map((s) => ({ h: 9, w: 10, c: 3, k: 4, f: 3, s, p: 1 })),
  ...(
    [
      [0, 1, 1, 0],
      [1, 0, 0, 1],
      [2, 0, 1, 3],
      [0, 0, 1, 1],
      [1, 2, 0, 0],
    ] as const
  ).map((p) => ({ h: 7, w: 8, c: 3, k: 4, f: 3, p })),
  ...(
    [
      [1, 2],
      [2, 1],
      [3, 2],
    ] as const
  ).map((d) => ({ h: 9, w: 10, c: 3, k: 4, f: [3, 2] as const, d, p: 1 })),
  ...(["floor", "ceil"] as const).flatMap((rounding) =>
    [2, 3].map((s) => ({ h: 8, w: 9, c: 2, k: 3, f: 3, s, rounding })),
  ),
  ...(
    [
      [0, 0, 1, 1],
      [1, 1, 0, 0],
      [0, 2, 0, 0],
    ] as const
  ).flatMap((p) => [1, 2].map((s) => ({ h: 5, w: 4, c: 3, k: 4, f: 1, s, p }))),
  ...(
    [
      [0, 0, 1, 1],
      [1, 0, 0, 0],
    ] as const
  ).map((p) => ({ h: 6, w: 5, c: 8, k: 8, f: 3, p })),
  { h: 6, w: 5, c: 4, k: 5, f: 1, d: 2 },
  { h: 1, w: 12, c: 4, k: 5, f: [1, 3], p: [0, 1] },
  { h: 12, w: 1, c: 4, k: 5, f: [3, 1], p: [1, 0] },
  { h: 1, w: 1, c: 7, k: 9, f: 1 },
  { h: 1, w: 1, c: 3, k: 2, f: 3, p: 1 },
  { h: 3, w: 3, c: 2, k: 2, f: 3, p: 3 },
  { h: 5, w: 5, c: 2, k: 2, f: 5 },
  { h: 4, w: 4, c: 2, k: 2, f: 1, s: 2, p: 1 },
  { h: 6, w: 6, c: 2, k: 3, f: 2, s: 3 },
  { h: 14, w: 14, c: 8, k: 8, f: 3, p: 1 },
  { h: 13, w: 15, c: 9, k: 17, f: 3, p: 1 },
  { h: 28, w: 28, c: 1, k: 6, f: 5 },
  { h: 16, w: 16, c: 3, k: 8, f: 7, s: 2, p: 3 },
];

const grouped: readonly ConvCase[] = [
  ...[2, 3, 4, 6].map((g) => ({ h: 6, w: 7, c: 12, k: 12, f: 3, p: 1, g })),
  ...[2, 4].map((g) => ({ h: 6, w: 7, c: 4, k: 12, f: 3, p: 1, g })),
  ...[2, 4].map((g) => ({ h: 6, w: 7, c: 12, k: 4, f: 3, s: 2, g })),
  // No padding, several channels and several filters in each group.
  ...([1, 2, 3, [1, 2], [2, 1]] as const).flatMap((f) => [
    { h: 6, w: 7, c: 16, k: 10, f, g: 2 },
    { h: 5, w: 6, c: 8, k: 20, f, g: 4 },
    { h: 5, w: 6, c: 24, k: 9, f, g: 3 },
  ]),
  ...[2, 3].map((n) => ({ n, h: 5, w: 4, c: 16, k: 16, f: 3, g: 2, p: 1 })),
  ...[1, 2, 3].map((m) => ({ h: 7, w: 6, c: 5, k: 5 * m, f: 3, p: 1, g: 5 })),
  { h: 9, w: 9, c: 8, k: 8, f: 3, p: 1, s: 2, g: 8 },
  { h: 9, w: 9, c: 8, k: 8, f: 5, p: 2, g: 8 },
  { h: 9, w: 9, c: 6, k: 6, f: 3, p: 2, d: 2, g: 6 },
  { h: 8, w: 8, c: 6, k: 9, f: 1, g: 3 },
];

const batches: readonly ConvCase[] = [2, 3, 5].flatMap((n) => [
  { n, h: 5, w: 6, c: 3, k: 4, f: 3, p: 1 },
  { n, h: 4, w: 4, c: 4, k: 8, f: 1 },
  { n, h: 6, w: 5, c: 4, k: 4, f: 3, s: 2, p: 1, g: 4 },
]);

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
    ...special(op),
    ...others(op),
  ];
}

/** Multiply–adds of a convolution. */
export function convWork(c: ConvCase, attrs: ConvAttrs): number {
  const { w, y } = convShapes(c, attrs);
  return [...w, ...y.slice(0, 3)].reduce((product, size) => product * size, 1);
}

export function randomConv(from: Rng): { c: ConvCase; attrs: ConvAttrs } {
  for (;;) {
    const geometry = randomWindows(from, from.pick([4, 9, 18]));
    const g = from.chance(0.6) ? 1 : from.whole(2, 6);
    const c: ConvCase = {
      h: geometry.input[0],
      w: geometry.input[1],
      f: geometry.kernel,
      n: from.chance(0.6) ? 1 : from.whole(2, 3),
      c: g * from.pick([1, 1, 2, 3, 4, 8]),
      k: g * from.pick([1, 2, 3, 4, 5, 8]),
      g,
    };
    const attrs = { ...geometry, groups: g };
    if (convWork(c, attrs) <= 200_000) return { c, attrs };
  }
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
