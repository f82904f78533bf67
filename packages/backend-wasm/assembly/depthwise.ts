// Depthwise convolutions, one filter for each channel, and their gradients. Vectors hold 4 channels of one pixel; filters
// are packed as [tap][channel]. Tiles of 8 or 4 pixels read each element once (3×3 and 5×5, stride 1 and 2); in rows of fewer, with more
// padding than half a filter, and for other filters, a pixel goes tap by tap.

import {
  depthwise3s1p4, depthwise3s1p8, depthwise3s2p4, depthwise3s2p8,
  depthwise5s1p4, depthwise5s1p8, depthwise5s2p4, depthwise5s2p8,
} from "./generated/tiles";
import { storeFew } from "./lanes";
import { address, madd, number, word } from "./simd";

/**
 * Units: rows of the output, image by image. args:
 *  0 x, 1 w, 2 y, 3 H, 4 W, 5 C, 6 OH, 7 OW, 8 FH, 9 FW, 10 stride y, 11 stride x, 12 top, 13 left, 14 dilation y, 15 dilation x,
 *  16 bias (or 0), 17 low, 18 high, 19 eight zeros, 20 tiles: 0 none, else the filter's width · 2 + stride − 1; then rows have 4 pixels
 *  at least, and no window reaches further than half a filter beyond its row
 */
export function depthwise(args: usize, begin: i32, end: i32, _thread: i32): void {
  for (let u = begin; u < end; u++) depthwiseRow(args, u);
}

function depthwiseRow(args: usize, u: i32): void {
  const h = word(args, 3), w = word(args, 4), c = word(args, 5), oh = word(args, 6), ow = word(args, 7);
  const dilation = word(args, 14);
  const pixel = <usize>c << 2;
  const y0 = (u % oh) * word(args, 10) - word(args, 12);
  // Rows of the window that lie in the map.
  const first = y0 < 0 ? (-y0 + dilation - 1) / dilation : 0;
  const count = max(0, min(word(args, 8), (h - y0 + dilation - 1) / dilation) - first);
  const image = address(args, 0) + <usize>((u / oh) * h) * <usize>w * pixel;
  const row = image + <usize>(y0 + first * dilation) * <usize>w * pixel;
  const down = <usize>(dilation * w) * pixel;
  const kernel = word(args, 9), kind = word(args, 20);
  const taps = address(args, 1) + <usize>(first * kernel) * pixel;
  const to = address(args, 2) + <usize>u * <usize>ow * pixel;
  const low = number(args, 17), high = number(args, 18), bias = address(args, 16), zero = address(args, 19);
  const stride = word(args, 11), left = word(args, 13);
  if (kind == 0) {
    for (let x = 0; x < ow; x++) depthwisePixel(args, row, down, count, x * stride - left, taps, to + <usize>x * pixel);
    return;
  }
  let x = 0;
  while (x < ow) {
    // What is left for a tile but for a few: some pixels once more, to the same bits, rather than one by one.
    const rest = ow - x;
    if (rest > 4 && rest < 8 && ow >= 8) x = ow - 8;
    else if (rest < 4) x = ow - 4;
    const wide = x + 8 <= ow;
    const pixels = wide ? 8 : 4;
    const begins = x * stride - left;
    const before = max(0, -begins), after = max(0, begins + (pixels - 1) * stride + kernel - w);
    const from = row + <usize>begins * pixel;
    const at = to + <usize>x * pixel;
    x += pixels;
    if (kind == 6) {
      if (wide) depthwise3s1p8(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
      else depthwise3s1p4(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
    } else if (kind == 7) {
      if (wide) depthwise3s2p8(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
      else depthwise3s2p4(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
    } else if (kind == 10) {
      if (wide) depthwise5s1p8(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
      else depthwise5s1p4(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
    } else {
      if (wide) depthwise5s2p8(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
      else depthwise5s2p4(from, down, pixel, count, before, after, zero, taps, at, c, bias, low, high);
    }
  }
}

/** One pixel whose window begins at column x of the map, taps outside left out. */
function depthwisePixel(args: usize, row: usize, down: usize, count: i32, x: i32, taps: usize, to: usize): void {
  const w = word(args, 4), c = word(args, 5), kernel = word(args, 9), dilation = word(args, 15);
  const bias = address(args, 16);
  const pixel = <usize>c << 2;
  const low = f32x4.splat(number(args, 17)), high = f32x4.splat(number(args, 18));
  const first = x < 0 ? (-x + dilation - 1) / dilation : 0;
  const last = min(kernel, (w - x + dilation - 1) / dilation);
  const right = <usize>dilation * pixel;
  let k = 0;
  // Four vectors at a time, for the loops over taps cost as much as what they do.
  for (; k + 16 <= c; k += 16) {
    const lane = <usize>k << 2;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    if (bias) {
      s0 = v128.load(bias + lane);
      s1 = v128.load(bias + lane, 16);
      s2 = v128.load(bias + lane, 32);
      s3 = v128.load(bias + lane, 48);
    }
    for (let i = 0; i < count; i++) {
      let from = row + <usize>i * down + <usize>(x + first * dilation) * pixel + lane;
      let tap = taps + <usize>(i * kernel + first) * pixel + lane;
      for (let j = first; j < last; j++) {
        s0 = madd(v128.load(from), v128.load(tap), s0);
        s1 = madd(v128.load(from, 16), v128.load(tap, 16), s1);
        s2 = madd(v128.load(from, 32), v128.load(tap, 32), s2);
        s3 = madd(v128.load(from, 48), v128.load(tap, 48), s3);
        from += right;
        tap += pixel;
      }
    }
    v128.store(to + lane, f32x4.pmin(f32x4.pmax(s0, low), high));
    v128.store(to + lane, f32x4.pmin(f32x4.pmax(s1, low), high), 16);
    v128.store(to + lane, f32x4.pmin(f32x4.pmax(s2, low), high), 32);
    v128.store(to + lane, f32x4.pmin(f32x4.pmax(s3, low), high), 48);
  }
  for (; k < c; k += 4) {
    const lane = <usize>k << 2;
    let sum = bias ? v128.load(bias + lane) : f32x4.splat(0);
    for (let i = 0; i < count; i++) {
      let from = row + <usize>i * down + <usize>(x + first * dilation) * pixel + lane;
      let tap = taps + <usize>(i * kernel + first) * pixel + lane;
      for (let j = first; j < last; j++) {
        sum = madd(v128.load(from), v128.load(tap), sum);
        from += right;
        tap += pixel;
      }
    }
    sum = f32x4.pmin(f32x4.pmax(sum, low), high);
    if (c - k >= 4) v128.store(to + lane, sum);
    else storeFew(to + lane, sum, c - k);
  }
}

/**
 * The gradient of the input: pixel i takes, for each tap whose window position is a whole one, dy there times the tap.
 * Units: rows of the result. args: 0 dy, 1 w, 2 to, 3 OH, 4 OW, 5 C, 6 H, 7 W, 8 FH, 9 FW, 10 stride y, 11 stride x, 12 top, 13 left,
 * 14 dilation y, 15 dilation x
 */
export function depthwiseInputGrad(args: usize, begin: i32, end: i32, _thread: i32): void {
  const h = word(args, 6), w = word(args, 7);
  const pixel = <usize>word(args, 5) << 2;
  for (let u = begin; u < end; u++) {
    for (let x = 0; x < w; x++) inputGradPixel(args, u / h, u % h, x, address(args, 2) + (<usize>u * <usize>w + <usize>x) * pixel);
  }
}

function inputGradPixel(args: usize, image: i32, y: i32, x: i32, to: usize): void {
  const oh = word(args, 3), ow = word(args, 4), c = word(args, 5);
  const fh = word(args, 8), fw = word(args, 9), sy = word(args, 10), sx = word(args, 11);
  const pixel = <usize>c << 2;
  const map = address(args, 0) + <usize>(image * oh * ow) * pixel;
  let some = false;
  for (let i = 0; i < fh; i++) {
    const oy = y + word(args, 12) - i * word(args, 14);
    if (oy < 0 || oy % sy != 0 || oy / sy >= oh) continue;
    for (let j = 0; j < fw; j++) {
      const ox = x + word(args, 13) - j * word(args, 15);
      if (ox < 0 || ox % sx != 0 || ox / sx >= ow) continue;
      addProduct(to, map + <usize>((oy / sy) * ow + ox / sx) * pixel, address(args, 1) + <usize>(i * fw + j) * pixel, c, some);
      some = true;
    }
  }
  if (!some) memory.fill(to, 0, pixel);
}

/** to = (more ? to : 0) + a · b */
function addProduct(to: usize, a: usize, b: usize, c: i32, more: bool): void {
  let k = c;
  for (; k >= 4; k -= 4) {
    const sum = more ? v128.load(to) : f32x4.splat(0);
    v128.store(to, madd(v128.load(a), v128.load(b), sum));
    to += 16; a += 16; b += 16;
  }
  if (k > 0) storeFew(to, madd(v128.load(a), v128.load(b), more ? v128.load(to) : f32x4.splat(0)), k);
}

/**
 * The gradient of the filters: tap (i, j) of channel c is Σ x · dy over windows. Units: taps, then runs of channels. The result is
 * [channel][tap]. args: 0 x, 1 dy, 2 to, 3 H, 4 W, 5 C, 6 OH, 7 OW, 8 FH, 9 FW, 10 stride y, 11 stride x, 12 top, 13 left,
 * 14 dilation y, 15 dilation x, 16 images, 17 channels of a unit (a multiple of 4)
 */
export function depthwiseWeightGrad(args: usize, begin: i32, end: i32, _thread: i32): void {
  const taps = word(args, 8) * word(args, 9);
  const each = word(args, 17);
  for (let u = begin; u < end; u++) {
    const last = min(word(args, 5), (u / taps + 1) * each);
    for (let k = (u / taps) * each; k < last; k += 4) {
      const sum = weightGradTap(args, u % taps, k);
      const to = address(args, 2) + (<usize>(k * taps + u % taps) << 2);
      const step = <usize>taps << 2;
      v128.store32_lane(to, sum, 0);
      if (k + 1 < last) v128.store32_lane(to + step, sum, 1);
      if (k + 2 < last) v128.store32_lane(to + 2 * step, sum, 2);
      if (k + 3 < last) v128.store32_lane(to + 3 * step, sum, 3);
    }
  }
}

function weightGradTap(args: usize, tap: i32, k: i32): v128 {
  const h = word(args, 3), w = word(args, 4), oh = word(args, 6), ow = word(args, 7);
  const fw = word(args, 9), sy = word(args, 10), sx = word(args, 11);
  const pixel = <usize>word(args, 5) << 2;
  const dy = (tap / fw) * word(args, 14) - word(args, 12), dx = (tap % fw) * word(args, 15) - word(args, 13);
  // Columns whose window has this tap inside the map.
  const first = dx < 0 ? (-dx + sx - 1) / sx : 0;
  const last = min(ow, (w - dx + sx - 1) / sx);
  const lane = <usize>k << 2;
  const right = <usize>sx * pixel;
  let total = f32x4.splat(0);
  for (let n = 0; n < word(args, 16); n++) {
    for (let oy = 0; oy < oh; oy++) {
      const y = oy * sy + dy;
      if (y < 0 || y >= h) continue;
      let a = address(args, 0) + (<usize>(n * h + y) * <usize>w + <usize>(first * sx + dx)) * pixel + lane;
      let b = address(args, 1) + (<usize>(n * oh + oy) * <usize>ow + <usize>first) * pixel + lane;
      total = f32x4.add(total, rowProduct(a, b, right, pixel, last - first));
    }
  }
  return total;
}

function rowProduct(a: usize, b: usize, right: usize, pixel: usize, count: i32): v128 {
  let s = f32x4.splat(0), t = s;
  for (; count >= 2; count -= 2) {
    s = madd(v128.load(a), v128.load(b), s);
    t = madd(v128.load(a + right), v128.load(b + pixel), t);
    a += 2 * right;
    b += 2 * pixel;
  }
  if (count > 0) s = madd(v128.load(a), v128.load(b), s);
  return f32x4.add(s, t);
}
