/** The convolutions that are tried, as data: sizes around tile edges, every part of a geometry, groups, batches, and random ones. */
import type { ConvAttrs } from "@tatamijs/core";
import { straddling } from "./fill.ts";
import type { Rng } from "./rng.ts";
import { randomWindows, type WindowCase } from "./windows.ts";

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

/** Named after its figures: `n2-h7x5-c4-k8-f3-s2-p1-d1-g4`. */
export function nameOf(c: ConvCase): string {
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
export const tiles: readonly ConvCase[] = straddling.flatMap((size) => [
  { h: 6, w: 6, c: size, k: 5, f: 3, p: 1 },
  { h: 5, w: 5, c: 3, k: size, f: 3, p: 1 },
  { h: size, w: size, c: 4, k: 4, f: 3, p: 1 },
  { h: size, w: 20 - size, c: 2, k: 3, f: 3, p: 1 },
  { h: 4, w: 5, c: size, k: size, f: 1 },
  { h: 9, w: size + 2, c: size, k: size, f: 3, g: size, p: 1, s: 2 },
]);

/** Every part of a geometry by itself and in pairs. */
export const geometries: readonly ConvCase[] = [
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

export const grouped: readonly ConvCase[] = [
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

export const batches: readonly ConvCase[] = [2, 3, 5].flatMap((n) => [
  { n, h: 5, w: 6, c: 3, k: 4, f: 3, p: 1 },
  { n, h: 4, w: 4, c: 4, k: 8, f: 1 },
  { n, h: 6, w: 5, c: 4, k: 4, f: 3, s: 2, p: 1, g: 4 },
]);

/** Sizes from which on another algorithm pays: larger tiles, Winograd's, whole rows at once, products whose depth is cut. */
export const large: readonly ConvCase[] = [
  { h: 14, w: 28, c: 32, k: 32, f: 3, p: 1 },
  { n: 2, h: 13, w: 18, c: 40, k: 36, f: 3, p: 1 },
  { h: 30, w: 30, c: 32, k: 32, f: 3 },
  { h: 14, w: 14, c: 30, k: 42, f: 3, p: 1 },
  { h: 12, w: 17, c: 24, k: 32, f: 3, p: 1 },
  { n: 8, h: 18, w: 14, c: 16, k: 20, f: 3, p: 1 },
  { h: 18, w: 18, c: 20, k: 32, f: 3, p: 2, d: 2 },
  { h: 12, w: 18, c: 16, k: 36, f: 5, p: 2 },
  { h: 15, w: 15, c: 32, k: 64, f: 3, s: 2, p: 1 },
  { n: 2, h: 14, w: 22, c: 21, k: 30, f: 3, s: 2, p: [0, 0, 1, 1] },
  { n: 2, h: 17, w: 24, c: 14, k: 33, f: 5, s: 2, p: 2 },
  { h: 49, w: 49, c: 3, k: 32, f: 7, s: 2, p: 3 },
  { h: 31, w: 40, c: 9, k: 22, f: 7, s: 2, p: [3, 2, 2, 3] },
  { n: 4, h: 28, w: 28, c: 1, k: 32, f: 5 },
  { n: 3, h: 14, w: 15, c: 64, k: 64, f: 1 },
  { h: 16, w: 16, c: 64, k: 64, f: 3, p: 1, g: 2 },
  { n: 2, h: 17, w: 24, c: 12, k: 12, f: 3, p: 1, g: 12 },
  { h: 21, w: 21, c: 8, k: 8, f: 3, s: 2, p: 1, g: 8 },
  { h: 15, w: 18, c: 6, k: 6, f: 5, p: 2, g: 6 },
];

/** Multiply–adds of a convolution. */
function convWork(c: ConvCase, attrs: ConvAttrs): number {
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
