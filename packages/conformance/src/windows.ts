/**
 * Windows, found by standing on every place in turn. No formula of core's: `(H + 2P − F)/S + 1` is what this is compared
 * with.
 */
import type { Geometry, Rounding } from "@tatamijs/core";
import type { Rng } from "./rng.ts";

export interface WindowSpec {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly dilation: number;
}

/** How many windows fit; undefined where there is none, or (exact) where elements are left over. */
export function countWindows(w: WindowSpec, rounding: Rounding): number | undefined {
  let found = 0;
  let start = -w.before;
  let end = start;
  for (; start + (w.kernel - 1) * w.dilation < w.size + w.after; start += w.stride) {
    found++;
    end = start + (w.kernel - 1) * w.dilation;
  }
  if (found === 0) return undefined;
  const unread = w.size + w.after - 1 - end;
  if (unread === 0 || rounding === "floor") return found;
  if (rounding === "exact") return undefined;
  return start < w.size ? found + 1 : found;
}

/** "same": one window for each stride that begins inside, and as much padding as they need, the odd one at the end. */
export function sameWindows(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
): { count: number; before: number; after: number } {
  let found = 0;
  for (let at = 0; at < size; at += stride) found++;
  let missing = 0;
  while ((found - 1) * stride + (kernel - 1) * dilation >= size + missing) missing++;
  const before = missing >> 1;
  return { count: found, before, after: missing - before };
}

/** What a case says of its windows; one number is both axes. */
export interface WindowCase {
  readonly h: number;
  readonly w: number;
  readonly f: number | readonly [number, number];
  readonly s?: number | readonly [number, number];
  /** One number, [height, width] or [top, left, bottom, right]. */
  readonly p?: number | readonly [number, number] | readonly [number, number, number, number];
  readonly d?: number | readonly [number, number];
  readonly rounding?: Rounding;
}

const two = (v: number | readonly [number, number] | undefined, otherwise: number): readonly [number, number] =>
  v === undefined ? [otherwise, otherwise] : typeof v === "number" ? [v, v] : v;

/** The geometry as attrs hold it; undefined when there is none of this rounding. */
export function geometryOf(c: WindowCase): Geometry | undefined {
  const kernel = two(c.f, 1);
  const stride = two(c.s, 1);
  const dilation = two(c.d, 1);
  const p = c.p ?? 0;
  const padding: Geometry["padding"] =
    typeof p === "number" ? [p, p, p, p] : p.length === 4 ? p : [p[0], p[1], p[0], p[1]];
  const rounding = c.rounding ?? "floor";
  const [oh, ow] = [0, 1].map((axis) =>
    countWindows(
      {
        size: [c.h, c.w][axis]!,
        kernel: kernel[axis]!,
        stride: stride[axis]!,
        before: padding[axis]!,
        after: padding[axis + 2]!,
        dilation: dilation[axis]!,
      },
      rounding,
    ),
  );
  return oh === undefined || ow === undefined
    ? undefined
    : { input: [c.h, c.w], kernel, output: [oh, ow], stride, padding, dilation };
}

/** A geometry that exists. */
export function windows(c: WindowCase): Geometry {
  const geometry = geometryOf(c);
  if (geometry === undefined) throw new Error(`a case of the kit has no window: ${JSON.stringify(c)}`);
  return geometry;
}

/** Random windows over a map of at most `most` rows and columns. */
export function randomWindows(from: Rng, most: number, pool = false): Geometry {
  for (;;) {
    const f = [from.whole(1, from.pick([1, 3, 3, 5, 7])), from.whole(1, from.pick([1, 3, 3, 5, 7]))] as const;
    const side = (axis: 0 | 1): number => from.whole(0, pool ? f[axis] >> 1 : f[axis]);
    const square = from.chance(0.5);
    const c: WindowCase = {
      h: from.whole(1, most),
      w: from.whole(1, most),
      f: square ? f[0] : f,
      s: from.chance(0.5) ? 1 : [from.whole(1, 3), from.whole(1, 3)],
      p: from.chance(0.3) ? 0 : square ? [side(0), side(0), side(0), side(0)] : [side(0), side(1), side(0), side(1)],
      d: from.chance(0.7) ? 1 : [from.whole(1, 3), from.whole(1, 3)],
      rounding: from.pick(["exact", "floor", "ceil"]),
    };
    const geometry = geometryOf(c);
    if (geometry !== undefined && (!pool || everyWindowSeesTheMap(geometry))) return geometry;
  }
}

/** Pooling has no answer for a window that lies in the padding alone. */
export function everyWindowSeesTheMap(g: Geometry): boolean {
  return [0, 1].every((axis) => {
    for (let o = 0; o < g.output[axis]!; o++) {
      let seen = false;
      for (let f = 0; f < g.kernel[axis]!; f++) {
        const i = o * g.stride[axis]! + f * g.dilation[axis]! - g.padding[axis]!;
        seen ||= i >= 0 && i < g.input[axis]!;
      }
      if (!seen) return false;
    }
    return true;
  });
}
