// 3×3 windows of stride 2 by F(2×2, 2×2): 4 outputs from 25 products instead of 36; see winogradStrided.ts. Points 0, 1, ∞:
//
//     Bᵀ = 1 −1 0     G = 1 0     Aᵀ = 1 1 0
//          0  1 0         1 1          0 1 1
//          0 −1 1         0 1
//
// The one odd tap has no part at ∞: 3 + 2 products along an axis for two outputs. Nothing is multiplied but by sums of taps, so the
// error is about that of direct sums.

import { local } from "./local";
import { depthOfNine, finish, multiply, pointM, pointV, rowV, tilesAlong, tilesOf, windowOf } from "./winogradStrided";
import { address, number, panel, word } from "./simd";

/** Filters OHWI [N, 3, 3, C] → U. Units: panels. args: 0 w, 1 u, 2 C, 3 N */
export function winogradStrided3Filters(args: usize, begin: i32, end: i32, _thread: i32): void {
  const c = word(args, 2), n = word(args, 3), panels = (n + 7) >> 3;
  const pixel = <usize>c << 2, block = <usize>c * panel;
  for (let p = begin; p < end; p++) {
    const width = min(8, n - (p << 3));
    const filters = address(args, 0) + <usize>(p << 3) * 9 * pixel;
    let points = address(args, 1);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const depth = depthOfNine(i * 3 + j);
        let to = points + <usize>(p * depth) * block;
        points += <usize>(panels * depth) * block;
        for (let odd = 0; odd < (i == 2 ? 1 : 2); odd++) {
          for (let oddColumn = 0; oddColumn < (j == 2 ? 1 : 2); oddColumn++) {
            packTaps(to, filters, width, pixel, i, odd, j, oddColumn);
            to += block;
          }
        }
      }
    }
  }
}

/** Taps that meet at point i: of even pixels the first, both, the last; of odd ones the middle one. */
function packTaps(to: usize, filters: usize, width: i32, pixel: usize, i: i32, odd: i32, j: i32, oddColumn: i32): void {
  const top = odd ? 1 : i == 2 ? 2 : 0, bottom = odd ? 1 : i == 0 ? 0 : 2;
  const left = oddColumn ? 1 : j == 2 ? 2 : 0, right = oddColumn ? 1 : j == 0 ? 0 : 2;
  for (let k: usize = 0; k < pixel; k += 4) {
    for (let o = 0; o < 8; o++) {
      let sum: f64 = 0;
      if (o < width) {
        const from = filters + <usize>o * 9 * pixel + k;
        for (let y = top; y <= bottom; y += 2)
          for (let x = left; x <= right; x += 2) sum += load<f32>(from + <usize>(y * 3 + x) * pixel);
      }
      store<f32>(to, <f32>sum);
      to += 4;
    }
  }
}

/** V of tiles first … last − 1 to `v`, where tile `origin` is the first. */
function transform(args: usize, first: i32, last: i32, origin: i32, v: usize): void {
  const pixel = <usize>word(args, 5) << 2, down = <usize>word(args, 4) * pixel, row = rowV(word(args, 5)), point = pointV(args);
  for (let t = first; t < last; t++) {
    const from = windowOf(args, t), to = v + <usize>(t - origin) * row;
    // Even rows, then odd ones, whose part lies behind.
    spreadDifference(from, from + 2 * down, pixel, to, to + 2 * point, point);
    spreadRow(from + 2 * down, pixel, to + 3 * point, to + 5 * point, point);
    spreadDifference(from + 4 * down, from + 2 * down, pixel, to + 6 * point, to + 8 * point, point);
    spreadDifference(from + down, from + 3 * down, pixel, to + 2 * pixel, to + 2 * point + pixel, point);
    spreadRow(from + 3 * down, pixel, to + 3 * point + 2 * pixel, to + 5 * point + pixel, point);
  }
}

/** Bᵀ along a row of 5 pixels, less another row: points 0 and 1 to `to`, ∞ to `last`. */
function spreadDifference(from: usize, less: usize, pixel: usize, to: usize, last: usize, point: usize): void {
  const p2: usize = pixel + pixel, p4: usize = p2 + p2;
  for (let k: usize = 0; k < p2; k += 16) {
    const d1 = f32x4.sub(v128.load(from + p2 + k), v128.load(less + p2 + k));
    v128.store(to + k, f32x4.sub(f32x4.sub(v128.load(from + k), v128.load(less + k)), d1));
    v128.store(to + point + k, d1);
    if (k < pixel) v128.store(last + k, f32x4.sub(f32x4.sub(v128.load(from + p4 + k), v128.load(less + p4 + k)), d1));
  }
}

/** The same of one row alone. */
function spreadRow(from: usize, pixel: usize, to: usize, last: usize, point: usize): void {
  const p2: usize = pixel + pixel, p4: usize = p2 + p2;
  for (let k: usize = 0; k < p2; k += 16) {
    const d1 = v128.load(from + p2 + k);
    v128.store(to + k, f32x4.sub(v128.load(from + k), d1));
    v128.store(to + point + k, d1);
    if (k < pixel) v128.store(last + k, f32x4.sub(v128.load(from + p4 + k), d1));
  }
}

/** Outputs of panels from … to − 1 of a block. */
function transformBack(args: usize, from: i32, to: i32, block: i32, m0: usize): void {
  const oh = word(args, 6), ow = word(args, 7), n = word(args, 8);
  const tilesX = tilesAlong(args, ow), tilesY = tilesAlong(args, oh);
  const count = tilesOf(args, block), first = block * word(args, 10), point = pointM(args), pixel = <usize>n << 2;
  const low = f32x4.splat(number(args, 14)), high = f32x4.splat(number(args, 15));
  for (let p = from; p < to; p++) {
    const width = min(8, n - (p << 3));
    const bias = address(args, 12) + <usize>p * address(args, 13);
    for (let half = 0; half < width; half += 4) {
      const shift = v128.load(bias + (<usize>half << 2));
      let m = m0 + <usize>(p * word(args, 10)) * panel + (<usize>half << 2);
      let image = first / (tilesX * tilesY), y = ((first / tilesX) % tilesY) * 2, x = (first % tilesX) * 2;
      for (let k = 0; k < count; k++) {
        let at = <usize>((image * oh + y) * ow + x) * pixel + (<usize>((p << 3) + half) << 2);
        const m3 = v128.load(m + 3 * point), m4 = v128.load(m + 4 * point), m5 = v128.load(m + 5 * point);
        let a = f32x4.add(v128.load(m), m3), b = f32x4.add(v128.load(m + point), m4), c = f32x4.add(v128.load(m + 2 * point), m5);
        for (let i = 0; i < min(2, oh - y); i++) {
          finish(args, at, f32x4.add(f32x4.add(a, b), shift), low, high, width - half);
          if (x + 1 < ow) finish(args, at + pixel, f32x4.add(f32x4.add(b, c), shift), low, high, width - half);
          a = f32x4.add(m3, v128.load(m + 6 * point));
          b = f32x4.add(m4, v128.load(m + 7 * point));
          c = f32x4.add(m5, v128.load(m + 8 * point));
          at += <usize>ow * pixel;
        }
        m += panel;
        x += 2;
        if (x >= ow) {
          x = 0;
          y += 2;
          if (y >= oh) {
            y = 0;
            image++;
          }
        }
      }
    }
  }
}

/** V of a shared block. Units: tiles. */
export function winogradStrided3Input(args: usize, begin: i32, end: i32, _thread: i32): void {
  const first = word(args, 22) * word(args, 10);
  transform(args, first + begin, first + end, first, address(args, 17));
}

/** Outputs of a shared block. Units: pairs of panels, so that a line of the output is one unit's. */
export function winogradStrided3Output(args: usize, begin: i32, end: i32, _thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3;
  transformBack(args, begin << 1, min(panels, end << 1), word(args, 22), address(args, 18));
}

/** Units: blocks. Local: V, M. */
export function winogradStrided3(args: usize, begin: i32, end: i32, thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3;
  const v = local(thread), m = v + 9 * pointV(args);
  for (let u = begin; u < end; u++) {
    const first = u * word(args, 10), count = tilesOf(args, u);
    transform(args, first, first + count, first, v);
    for (let i = 0; i < 9; i++) multiply(args, i, 0, panels, count, v, m);
    transformBack(args, 0, panels, u, m);
  }
}
