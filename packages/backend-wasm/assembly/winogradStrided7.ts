// 5×5 and 7×7 windows of stride 2 by F(4×4, 3×3) and F(3×3, 4×4) at the six points of winograd.ts: 16 outputs of a 5×5 window from 144
// products instead of 400, 9 of a 7×7 one from 144 instead of 441; see winogradStrided.ts. Bᵀ depends on the points alone; with r taps
//
//     G = s (1, p, p², … pʳ⁻¹)     Aᵀ, row k: pᵏ, and 1 at ∞ in the last     s = 1; −2/3 for ±a; 1/6 for ±b
//
// and (0 … 0, 1) for G at ∞.

import { local } from "./local";
import { finish, multiply, pointM, pointV, rowV, tilesAlong, tilesOf, windowOf } from "./winogradStrided";
import { transformWindow } from "./winograd";
import { address, number, panel, word } from "./simd";

// @ts-ignore: decorator
@inline
const a: f64 = 0.70710678118654752440;
// @ts-ignore: decorator
@inline
const b: f64 = 1.41421356237309504880;

/** G at point i for tap t of r. */
function weightOf(i: i32, t: i32, r: i32): f64 {
  if (i == 0) return t == 0 ? 1 : 0;
  if (i == 5) return t == r - 1 ? 1 : 0;
  const p = i < 3 ? a : b;
  let weight: f64 = i < 3 ? -2.0 / 3 : 1.0 / 6;
  for (let k = 0; k < t; k++) weight *= (i & 1) == 1 ? p : -p;
  return weight;
}

/** Filters OHWI [N, K, K, C] → U. Units: panels. args: 0 w, 1 u, 2 C, 3 N, 4 K. Local: G, rows of 4 */
export function winogradStrided7Filters(args: usize, begin: i32, end: i32, thread: i32): void {
  const c = word(args, 2), n = word(args, 3), size = word(args, 4), panels = (n + 7) >> 3;
  const pixel = <usize>c << 2, filter = <usize>(size * size) * pixel, panelBytes: usize = <usize>(4 * c) * panel;
  const r = (size + 1) >> 1, g = local(thread);
  for (let i = 0; i < 6; i++) {
    for (let t = 0; t < r; t++) store<f64>(g + <usize>(i << 5) + <usize>(t << 3), weightOf(i, t, r));
  }
  for (let p = begin; p < end; p++) {
    for (let i = 0; i < 36; i++) {
      const down = g + <usize>((i / 6) << 5), right = g + <usize>((i % 6) << 5);
      let to = address(args, 1) + <usize>(i * panels + p) * panelBytes;
      for (let part = 0; part < 4; part++) {
        for (let k = 0; k < c; k++) {
          for (let o = p << 3; o < (p << 3) + 8; o++) {
            let sum: f64 = 0;
            if (o < n) {
              const from = address(args, 0) + <usize>o * filter + (<usize>k << 2);
              for (let y = part >> 1; y < size; y += 2)
                for (let x = part & 1; x < size; x += 2)
                  sum += load<f64>(down + <usize>((y >> 1) << 3)) * load<f64>(right + <usize>((x >> 1) << 3)) * <f64>load<f32>(from + <usize>(y * size + x) * pixel);
            }
            store<f32>(to, <f32>sum);
            to += 4;
          }
        }
      }
    }
  }
}

/** V of tiles first … last − 1 to `v`, where tile `origin` is the first. `own`: 36 lines. */
function transform(args: usize, first: i32, last: i32, origin: i32, v: usize, own: usize): void {
  const c = word(args, 5);
  const pair = <usize>c << 3, down = <usize>word(args, 4) * pair, row = rowV(c), point = pointV(args);
  for (let t = first; t < last; t++) {
    const from = windowOf(args, t), to = v + <usize>(t - origin) * row;
    transformWindow(from, down, pair, to, point, 2 * c, false, false, own);
    transformWindow(from + (down >> 1), down, pair, to + pair, point, 2 * c, false, false, own);
  }
}

/** Aᵀ times six vectors `step` apart: three or four, `out` apart. */
// @ts-ignore: decorator
@inline
function gather(from: usize, step: usize, to: usize, out: usize, three: bool): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step), m4 = v128.load(from + 4 * step), last = v128.load(from + 5 * step);
  const s1 = f32x4.add(m1, m2), s2 = f32x4.add(m3, m4);
  const d1 = f32x4.mul(f32x4.splat(<f32>a), f32x4.sub(m1, m2)), d2 = f32x4.mul(f32x4.splat(<f32>b), f32x4.sub(m3, m4));
  const half = f32x4.splat(0.5);
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(s1, s2)));
  v128.store(to + out, f32x4.add(d1, d2));
  const y2 = f32x4.add(f32x4.mul(half, s1), f32x4.add(s2, s2));
  if (three) v128.store(to + 2 * out, f32x4.add(y2, last));
  else {
    v128.store(to + 2 * out, y2);
    v128.store(to + 3 * out, f32x4.add(f32x4.add(f32x4.mul(half, d1), f32x4.add(d2, d2)), last));
  }
}

/** Outputs of panels from … to − 1 of a block. `own`: 28 vectors. */
function transformBack(args: usize, from: i32, to: i32, block: i32, m0: usize, own: usize): void {
  const oh = word(args, 6), ow = word(args, 7), n = word(args, 8), size = word(args, 21);
  const tilesX = tilesAlong(args, ow), tilesY = tilesAlong(args, oh);
  const count = tilesOf(args, block), first = block * word(args, 10), point = pointM(args), pixel = <usize>n << 2;
  const low = f32x4.splat(number(args, 14)), high = f32x4.splat(number(args, 15));
  const result = own + 384;
  for (let p = from; p < to; p++) {
    const width = min(8, n - (p << 3));
    const bias = address(args, 12) + <usize>p * address(args, 13);
    for (let half = 0; half < width; half += 4) {
      const shift = v128.load(bias + (<usize>half << 2));
      let m = m0 + <usize>(p * word(args, 10)) * panel + (<usize>half << 2);
      let image = first / (tilesX * tilesY), y = ((first / tilesX) % tilesY) * size, x = (first % tilesX) * size;
      for (let k = 0; k < count; k++) {
        let at = <usize>((image * oh + y) * ow + x) * pixel + (<usize>((p << 3) + half) << 2);
        for (let j: usize = 0; j < 6; j++) gather(m + j * point, 6 * point, own + 16 * j, 96, size == 3);
        const columns = min(size, ow - x);
        for (let i = 0; i < min(size, oh - y); i++) {
          gather(own + <usize>i * 96, 16, result, 16, size == 3);
          for (let j = 0; j < columns; j++) finish(args, at + <usize>j * pixel, f32x4.add(v128.load(result + 16 * <usize>j), shift), low, high, width - half);
          at += <usize>ow * pixel;
        }
        m += panel;
        x += size;
        if (x >= ow) {
          x = 0;
          y += size;
          if (y >= oh) {
            y = 0;
            image++;
          }
        }
      }
    }
  }
}

/** V of a shared block. Units: tiles. Local: 36 lines. */
export function winogradStrided7Input(args: usize, begin: i32, end: i32, thread: i32): void {
  const first = word(args, 22) * word(args, 10);
  transform(args, first + begin, first + end, first, address(args, 17), local(thread));
}

/** Outputs of a shared block. Units: pairs of panels, so that a line of the output is one unit's. Local: 28 vectors. */
export function winogradStrided7Output(args: usize, begin: i32, end: i32, thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3;
  transformBack(args, begin << 1, min(panels, end << 1), word(args, 22), address(args, 18), local(thread));
}

/** Units: blocks. Local: 36 lines, V, M. */
export function winogradStrided7(args: usize, begin: i32, end: i32, thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3;
  const own = local(thread), v = own + 2304, m = v + 36 * pointV(args);
  for (let u = begin; u < end; u++) {
    const first = u * word(args, 10), count = tilesOf(args, u);
    transform(args, first, first + count, first, v, own);
    for (let i = 0; i < 36; i++) multiply(args, i, 0, panels, count, v, m);
    transformBack(args, 0, panels, u, m, own);
  }
}
