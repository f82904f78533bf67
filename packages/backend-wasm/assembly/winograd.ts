// Winograd's F(4×4, 3×3): 16 outputs of a 3×3 convolution of stride 1 from 36 products instead of 144.
//
//     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
//
// Points 0, ±a, ±b, ∞ with a = √½, b = √2 = 2a: their powers stay near 1, so the error is a fifth of that of the usual 0, ±1, ±2
// at the same cost. With ab = 1 and a² + b² = 5/2,
//
//     Bᵀ = 1  0 −5/2   0 1 0     G =    1     0    0      Aᵀ = 1 1   1   1    1  0
//          0 −b −2     a 1 0         −2/3 −2a/3 −1/3           0 a  −a   b   −b  0
//          0  b −2    −a 1 0         −2/3  2a/3 −1/3           0 ½   ½   2    2  0
//          0 −a −1/2   b 1 0          1/6   b/6  1/3           0 a/2 −a/2 2b −2b 1
//          0  a −1/2  −b 1 0          1/6  −b/6  1/3
//          0  1  0  −5/2 0 1            0     0    1
//
// Where a row or column of tiles has only one or two outputs left, its tiles are short: F(2, 3) at 0, ±a, ∞ takes 4 of the 6 points and the
// same filters there (whose factors at ±a its Bᵀ takes back),
//
//     Bᵀ = 1    0   −2  0     Aᵀ = 1 1  1  0
//          0 −3a/2 −3/2 0          0 a −a  1
//          0  3a/2 −3/2 0
//          0 −1/2    0  1
//
// so a tile takes 36, 24 or 16 products. Of all images those that are short across come first, then whole ones, then those that are short down,
// then those that are short both ways: so at each point those that have it follow each other. In this order tiles are cut into blocks. The
// windows of a block are transformed to
// V[point][tile][channel]; each point of V times the filters U[point][panel][channel][8] gives M[panel][point][tile][8], from
// which the outputs are transformed. A point is done with all filters before the next: so V and U are read once for a block, one
// behind the other. (Panel by panel V would be read anew for each, from wherever U, streaming by, has driven it.)
//
// Either a unit is a block, so small that its V and M stay in the second-level cache (`winograd`), or, where there are few tiles or
// many channels, the three parts of a block are three calls that are shared each (`winogradInput`, `…Products`, `…Output`).

import { paceOf, rowsTile, tileRows } from "./gemm";
import { local } from "./local";
import { fill, move } from "./pack";
import { storeFew } from "./lanes";
import { address, number, panel, word } from "./simd";

const a: f32 = 0.70710678118654752440;
const b: f32 = 1.41421356237309504880;

/**
 * Filters OHWI [N, 3, 3, C] → U. Units: panels. `turned`: w is [C, 3, 3, N], and each filter is turned by 180° (the
 * gradient of the input). Two channels of a panel are a line at each point: it is made in f64, two filters to a vector, and written
 * whole (points may lie so far apart that they fall into a few sets of a cache). args: 0 w, 1 u, 2 C, 3 N, 4 turned.
 * Local: 27 vectors, 36 lines of twice the size
 */
export function winogradFilters(args: usize, begin: i32, end: i32, thread: i32): void {
  const c = word(args, 2), n = word(args, 3);
  const turned = word(args, 4) != 0;
  const panelBytes = <usize>c * panel, step = <usize>((n + 7) >> 3) * panelBytes;
  const along: usize = turned ? <usize>n * 36 : 4, across: usize = turned ? 4 : <usize>c * 36;
  const tap = turned ? <usize>n << 2 : <usize>c << 2;
  const taps = local(thread), columns = taps + 9 * 16, points = columns + 18 * 16;
  for (let p = begin; p < end; p++) {
    for (let k = 0; k < c; k += 2) {
      const bytes: usize = k + 1 < c ? 64 : panel;
      for (let q: usize = 0; q < 2 * bytes; q += 16) {
        // Behind the last filter it stands again, in lanes that nobody reads.
        const o = (p << 3) + (<i32>(q >> 3) & 6);
        const first = address(args, 0) + <usize>(k + <i32>(q >> 6)) * along + <usize>min(o, n - 1) * across;
        const second = <usize>(min(o + 1, n - 1) - min(o, n - 1)) * across;
        for (let t = 0; t < 9; t++) {
          const at = first + <usize>(turned ? 8 - t : t) * tap;
          v128.store(taps + <usize>t * 16, f64x2.promote_low_f32x4(v128.load32_lane(at + second, v128.load32_zero(at), 1)));
        }
        for (let j: usize = 0; j < 3; j++) raise(taps + j * 16, 48, columns + j * 16, 48);
        for (let i: usize = 0; i < 6; i++) raise(columns + i * 48, 16, points + i * 768 + q, 128);
      }
      let to = address(args, 1) + <usize>p * panelBytes + <usize>k * panel;
      for (let i: usize = 0; i < 36; i++) {
        for (let q: usize = 0; q < bytes; q += 8) v128.store64_lane(to + q, f32x4.demote_f64x2_zero(v128.load(points + i * 128 + 2 * q)), 0);
        to += step;
      }
    }
  }
}

/** Three vectors `step` apart → G of them, `out` apart. */
// @ts-ignore: decorator
@inline
function raise(from: usize, step: usize, to: usize, out: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
  const third = f64x2.mul(g2, f64x2.splat(1.0 / 3));
  v128.store(to, g0);
  let even = f64x2.add(f64x2.mul(g0, f64x2.splat(2.0 / 3)), third);
  let odd = f64x2.mul(g1, f64x2.splat(0.47140452079103168293));
  v128.store(to + out, f64x2.sub(f64x2.neg(even), odd));
  v128.store(to + 2 * out, f64x2.sub(odd, even));
  even = f64x2.add(f64x2.mul(g0, f64x2.splat(1.0 / 6)), third);
  odd = f64x2.mul(g1, f64x2.splat(0.23570226039551584147));
  v128.store(to + 3 * out, f64x2.add(even, odd));
  v128.store(to + 4 * out, f64x2.sub(even, odd));
  v128.store(to + 5 * out, g2);
}

/** Four vectors `step` apart → Bᵀ of a short tile, `out` apart: at 0, ±a and ∞. */
// @ts-ignore: decorator
@inline
function spreadShort(from: usize, step: usize, to: usize, out: usize): void {
  const d1 = v128.load(from + step), d2 = v128.load(from + 2 * step);
  const even = f32x4.mul(f32x4.splat(-1.5), d2), odd = f32x4.mul(f32x4.splat(1.5 * a), d1);
  v128.store(to, f32x4.sub(v128.load(from), f32x4.add(d2, d2)));
  v128.store(to + out, f32x4.sub(even, odd));
  v128.store(to + 2 * out, f32x4.add(even, odd));
  v128.store(to + 5 * out, f32x4.sub(v128.load(from + 3 * step), f32x4.mul(f32x4.splat(0.5), d1)));
}

/** Six vectors `step` apart → Bᵀ of them, `out` apart. */
// @ts-ignore: decorator
@inline
function spread(from: usize, step: usize, to: usize, out: usize): void {
  const d1 = v128.load(from + step), d3 = v128.load(from + 3 * step);
  const d2 = v128.load(from + 2 * step), d4 = v128.load(from + 4 * step);
  const va = f32x4.splat(a), vb = f32x4.splat(b), v5 = f32x4.splat(2.5);
  v128.store(to, f32x4.add(f32x4.sub(v128.load(from), f32x4.mul(v5, d2)), d4));
  let even = f32x4.sub(d4, f32x4.add(d2, d2));
  let odd = f32x4.sub(f32x4.mul(va, d3), f32x4.mul(vb, d1));
  v128.store(to + out, f32x4.add(even, odd));
  v128.store(to + 2 * out, f32x4.sub(even, odd));
  even = f32x4.sub(d4, f32x4.mul(f32x4.splat(0.5), d2));
  odd = f32x4.sub(f32x4.mul(vb, d3), f32x4.mul(va, d1));
  v128.store(to + 3 * out, f32x4.add(even, odd));
  v128.store(to + 4 * out, f32x4.sub(even, odd));
  v128.store(to + 5 * out, f32x4.add(f32x4.sub(d1, f32x4.mul(v5, d3)), v128.load(from + 5 * step)));
}

/**
 * The window at `from` (rows `down` apart, pixels `right`) → V's points `point` apart, for all channels; `short` down, `narrow` across. `t`:
 * 36 lines of 64 bytes. A line at a time: pixels and points may lie so far apart that they all fall into a few sets of the first-level cache.
 */
export function transformWindow(from: usize, down: usize, right: usize, to: usize, point: usize, channels: i32, short: bool, narrow: bool, t: usize): void {
  const end = from + (<usize>channels << 2), columns: usize = narrow ? 4 : 6;
  while (from < end) {
    // The last vector of channels that are no multiple of 4 reads beyond: lanes that nobody reads.
    const bytes: usize = min<usize>(64, (end - from + 15) & ~15);
    for (let j: usize = 0; j < columns; j++) {
      for (let q: usize = 0; q < bytes; q += 16) {
        if (short) spreadShort(from + j * right + q, down, t + (j << 6) + q, 384);
        else spread(from + j * right + q, down, t + (j << 6) + q, 384);
      }
    }
    for (let i: usize = 0; i < 6; i++) {
      if (short && !isShort(<i32>i)) continue;
      for (let q: usize = 0; q < bytes; q += 16) {
        if (narrow) spreadShort(t + i * 384 + q, 64, to + i * 6 * point + q, point);
        else spread(t + i * 384 + q, 64, to + i * 6 * point + q, point);
      }
    }
    from += 64;
    to += 64;
  }
}

/** Copies the part of the window at (y, x) that lies in the map; the rest is zeros. Pixels of `pixel` bytes, rows of six. */
function cutWindow(map: usize, y: i32, x: i32, rows: i32, columns: i32, h: i32, w: i32, pixel: usize, to: usize): void {
  const first = min(columns, max(0, -x)), last = max(first, min(columns, w - x));
  const before = <usize>first * pixel, inside = <usize>(last - first) * pixel, row = <usize>columns * pixel;
  for (let i = y; i < y + rows; i++) {
    if (i < 0 || i >= h) fill(to, row);
    else {
      fill(to, before);
      move(to + before, map + <usize>(i * w + x + first) * pixel, inside);
      fill(to + before + inside, row - before - inside);
    }
    to += 6 * pixel;
  }
}

// All kernels of a convolution have one list of arguments:
//  0 x, 1 u, 2 out, 3 H, 4 W, 5 C, 6 OH, 7 OW, 8 N, 9 top, 10 left, 11 image, row and column of each tile, 12 tiles of a block,
//  13 panels of a unit of products, 14 bias (or zeros), 15 bytes from a panel's bias to the next, 16 low, 17 high, 18 residual (or 0),
//  19 V and 20 M of a block that is shared, 21 byte offsets of V's rows, 22 a zero, 23 the block that is shared, 24 tiles that are
//  short across, 25 these and whole ones, 26 all but those that are short both ways, 27 all
// Channels of V are rounded up to 4.

// @ts-ignore: decorator
@inline
function depthOf(channels: i32): i32 {
  return (channels + 3) & ~3;
}

/** Points lie an odd number of lines apart: what is read or written of all 36 at once spreads over the sets of a cache. */
// @ts-ignore: decorator
@inline
function oddLines(bytes: i32): usize {
  return ((bytes + 63) & ~63) | 64;
}

// @ts-ignore: decorator
@inline
function pointV(args: usize): usize {
  return oddLines(word(args, 12) * depthOf(word(args, 5)) * 4);
}

// @ts-ignore: decorator
@inline
function pointM(args: usize): usize {
  return oddLines(word(args, 12) * 32 * ((word(args, 8) + 7) >> 3));
}

/** Tiles of block `block`: the last one may have fewer. */
// @ts-ignore: decorator
@inline
function tilesOf(args: usize, block: i32): i32 {
  return min(word(args, 12), word(args, 27) - block * word(args, 12));
}

/** Where tile `t` is told. */
// @ts-ignore: decorator
@inline
function tileAt(args: usize, t: i32): usize {
  return address(args, 11) + <usize>(12 * t);
}

/** Whether a short tile has the point, along an axis. */
// @ts-ignore: decorator
@inline
function isShort(point: i32): bool {
  return point < 3 || point == 5;
}

/** V of tiles first … last − 1 to `v`, where tile `origin` is V's first. */
function transformTiles(args: usize, first: i32, last: i32, origin: i32, v: usize, own: usize): void {
  const h = word(args, 3), w = word(args, 4), c = word(args, 5);
  const pixel = <usize>c << 2, row = <usize>depthOf(c) << 2;
  const point = pointV(args);
  const down = <usize>w * pixel;
  const window = own + 2304;
  for (let t = first; t < last; t++) {
    const place = tileAt(args, t);
    const y = load<i32>(place, 4) * 4 - word(args, 9), x = load<i32>(place, 8) * 4 - word(args, 10);
    const map = address(args, 0) + <usize>load<i32>(place) * <usize>h * down;
    const to = v + <usize>(t - origin) * row;
    const short = word(args, 6) - load<i32>(place, 4) * 4 < 3, narrow = word(args, 7) - load<i32>(place, 8) * 4 < 3;
    const rows = short ? 4 : 6, columns = narrow ? 4 : 6;
    const inside = y >= 0 && x >= 0 && y + rows <= h && x + columns <= w;
    if (!inside) cutWindow(map, y, x, rows, columns, h, w, pixel, window);
    const from = inside ? map + <usize>y * down + <usize>x * pixel : window, next = inside ? down : 6 * pixel;
    transformWindow(from, next, pixel, to, point, c, short, narrow, own);
  }
}

/** M of a point and panels first … last − 1, for those of `count` tiles from `tile` on that have it. */
function multiply(args: usize, i: i32, first: i32, last: i32, tile: i32, count: i32, v: usize, m: usize): void {
  const across = isShort(i % 6), down = isShort(i / 6);
  const skip = across ? 0 : max(0, word(args, 24) - tile);
  count = min(count, word(args, down ? (across ? 27 : 26) : 25) - tile) - skip;
  if (count <= 0) return;
  const channels = word(args, 5);
  const panelBytes = <usize>channels * panel;
  const tiles = (count + tileRows - 1) / tileRows;
  const share = panelBytes / <usize>tiles, pace = paceOf(tiles, channels);
  const rows = address(args, 21) + (<usize>skip << 2), zero = address(args, 22);
  let u = address(args, 1) + <usize>(i * ((word(args, 8) + 7) >> 3) + first) * panelBytes;
  v += <usize>i * pointV(args);
  for (let p = first; p < last; p++) {
    const following = p + 1 < last ? u + panelBytes : u;
    const to = m + <usize>i * pointM(args) + <usize>(p * word(args, 12) + skip) * panel;
    let r = 0;
    for (let t = 0; t < tiles; t++) {
      const next = (count * (t + 1)) / tiles;
      rowsTile(next - r, rows + (<usize>r << 2), v, zero, 1, channels, u, to + <usize>r * panel, panel, zero, -f32(Infinity), f32(Infinity), following + <usize>t * share, pace);
      r = next;
    }
    u += panelBytes;
  }
}

/** Outputs of panels first … last − 1 and `count` tiles from `tile` on. */
function transformBack(args: usize, first: i32, last: i32, tile: i32, count: i32, m: usize, own: usize): void {
  const point = pointM(args);
  for (let p = first; p < last; p++) {
    for (let i = 0; i < count; i++) {
      const at = m + <usize>(p * word(args, 12) + i) * panel;
      transformTile(args, p, tileAt(args, tile + i), at, point, own);
    }
  }
}

/** V of a shared block. Units: tiles. Local: 36 lines, a window. */
export function winogradInput(args: usize, begin: i32, end: i32, thread: i32): void {
  const first = word(args, 23) * word(args, 12);
  transformTiles(args, first + begin, first + end, first, address(args, 19), local(thread));
}

/** M of a shared block. Units: points, and runs of panels of each. */
export function winogradProducts(args: usize, begin: i32, end: i32, _thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3, each = word(args, 13), count = tilesOf(args, word(args, 23));
  const tile = word(args, 23) * word(args, 12);
  const runs = (panels + each - 1) / each;
  for (let u = begin; u < end; u++) {
    const first = (u % runs) * each;
    multiply(args, u / runs, first, min(panels, first + each), tile, count, address(args, 19), address(args, 20));
  }
}

/** Outputs of a shared block. Units: pairs of panels, so that a line of the output is one unit's. Local: 40 vectors. */
export function winogradOutput(args: usize, begin: i32, end: i32, thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3, block = word(args, 23);
  for (let u = begin; u < end; u++) {
    transformBack(args, 2 * u, min(panels, 2 * u + 2), block * word(args, 12), tilesOf(args, block), address(args, 20), local(thread));
  }
}

/** Units: blocks. Local: 36 lines, a window, V, M. */
export function winograd(args: usize, begin: i32, end: i32, thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3;
  const own = local(thread);
  const v = own + 2304 + ((36 * <usize>depthOf(word(args, 5)) * 4 + 63) & ~63);
  const m = v + 36 * pointV(args);
  const blocks = (word(args, 27) + word(args, 12) - 1) / word(args, 12);
  for (let u = begin; u < end; u++) {
    const first = u * word(args, 12), count = tilesOf(args, u);
    transformTiles(args, first, first + count, first, v, own);
    // Threads are in different parts of the blocks, and begin at different points: filters that two want at once come slowly.
    const shift = (u * 36) / blocks;
    for (let i = 0; i < 36; i++) multiply(args, (i + shift) % 36, 0, panels, first, count, v, m);
    transformBack(args, 0, panels, first, count, m, own);
  }
}

/** Four of Aᵀ times the six vectors `step` apart, `out` apart. */
// @ts-ignore: decorator
@inline
function gather(from: usize, step: usize, to: usize, out: usize): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step), m4 = v128.load(from + 4 * step);
  const s1 = f32x4.add(m1, m2), s2 = f32x4.add(m3, m4);
  const d1 = f32x4.mul(f32x4.splat(a), f32x4.sub(m1, m2)), d2 = f32x4.mul(f32x4.splat(b), f32x4.sub(m3, m4));
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(s1, s2)));
  v128.store(to + out, f32x4.add(d1, d2));
  v128.store(to + 2 * out, f32x4.add(f32x4.mul(f32x4.splat(0.5), s1), f32x4.add(s2, s2)));
  v128.store(to + 3 * out, f32x4.add(f32x4.add(f32x4.mul(f32x4.splat(0.5), d1), f32x4.add(d2, d2)), v128.load(from + 5 * step)));
}

/** Two of Aᵀ of a short tile. */
// @ts-ignore: decorator
@inline
function gatherShort(from: usize, step: usize, to: usize, out: usize): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + 2 * step);
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(m1, m2)));
  v128.store(to + out, f32x4.add(f32x4.mul(f32x4.splat(a), f32x4.sub(m1, m2)), v128.load(from + 5 * step)));
}

/** M of one tile and panel → its outputs, with what follows them. `own`: 40 vectors. */
function transformTile(args: usize, p: i32, place: usize, m: usize, step: usize, own: usize): void {
  const oh = word(args, 6), ow = word(args, 7), n = word(args, 8);
  const pixel = <usize>n << 2;
  const y = load<i32>(place, 4) * 4, x = load<i32>(place, 8) * 4;
  const rows = min(4, oh - y), columns = min(4, ow - x);
  const short = rows < 3, narrow = columns < 3;
  const width = min(8, n - (p << 3));
  const bias = address(args, 14) + <usize>p * address(args, 15);
  const low = f32x4.splat(number(args, 16)), high = f32x4.splat(number(args, 17));
  const out = address(args, 2);
  const at = <usize>((load<i32>(place) * oh + y) * ow + x) * pixel + <usize>p * panel;
  const residual = address(args, 18);
  const result = own + 384;
  for (let half: usize = 0; half < 32; half += 16) {
    if (<i32>(half >> 2) >= width) break;
    if (short) {
      for (let j: usize = 0; j < 6; j++) gatherShort(m + half + j * step, 6 * step, own + 16 * j, 96);
    } else {
      for (let j: usize = 0; j < 6; j++) gather(m + half + j * step, 6 * step, own + 16 * j, 96);
    }
    const shift = v128.load(bias + half);
    const whole = width >= <i32>(half >> 2) + 4;
    for (let i = 0; i < rows; i++) {
      if (narrow) gatherShort(own + <usize>i * 96, 16, result, 16);
      else gather(own + <usize>i * 96, 16, result, 16);
      for (let j = 0; j < columns; j++) {
        const to = at + (<usize>i * <usize>ow + <usize>j) * pixel + half;
        let y = f32x4.add(v128.load(result + <usize>j * 16), shift);
        if (residual) y = f32x4.add(y, v128.load(residual + to));
        y = f32x4.pmin(f32x4.pmax(y, low), high);
        if (whole) v128.store(out + to, y);
        else storeFew(out + to, y, width - <i32>(half >> 2));
      }
    }
  }
}
