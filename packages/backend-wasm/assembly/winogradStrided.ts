// Convolutions of stride 2 by Winograd's algorithm. Along an axis the even pixels of the map meet the even taps, the odd ones the
// odd taps: two convolutions of stride 1 whose results add up, and of half as many taps (an odd number of taps: the odd ones are one
// fewer, so their last is zero). All four of both axes are taken at the same points, so their sum is the depth of one product,
//
//     Y = Aᵀ [ Σ (G g) ⊙ (Bᵀ d) ] A     over even and odd columns of even and odd rows
//
// As in winograd.ts it is a product of matrices for each point: V[point][tile][depth] times U[point][panel][depth][8] gives
// M[panel][point][tile][8]. In a map [H, W, C] an even pixel and the odd one behind it lie next to each other, so a row of V is: 2C
// floats of even rows, 2C of odd ones. 3×3 windows have their transforms in winogradStrided3.ts, 5×5 and 7×7 in winogradStrided7.ts.
//
// All kernels of a convolution have one list of arguments:
//  0 x with its border, 1 u, 2 out, 3 H, 4 W, 5 C, 6 OH, 7 OW, 8 N, 9 images, 10 tiles of a block, 11 panels of a unit of products,
//  12 bias (or zeros), 13 bytes from a panel's bias to the next, 14 low, 15 high, 16 residual (or 0), 17 V, 18 M, 19 byte offsets of
//  V's rows, 20 a zero, 21 outputs of a tile along an axis (2: the 9 points of 3×3 windows, else 36), 22 the block that is shared
//
// Either a unit is a block, whose V and M stay in a thread's second-level cache, or, where there are few tiles, the three parts of a
// block are three calls that are shared each.

import { paceOf, rowsTile, tileRows } from "./gemm";
import { storeFew } from "./lanes";
import { address, panel, word } from "./simd";

/** Rows of V: vectors of odd rows may write beyond the last channel, those of even rows into what odd rows write next. */
// @ts-ignore: decorator
@inline
export function rowV(channels: i32): usize {
  return <usize>((2 * channels + ((2 * channels + 3) & ~3) + 3) & ~3) << 2;
}

/** Points lie an odd number of lines apart: what is written of all at once spreads over the sets of a cache. */
// @ts-ignore: decorator
@inline
export function pointV(args: usize): usize {
  return ((<usize>word(args, 10) * rowV(word(args, 5)) + 63) & ~63) | 64;
}

// @ts-ignore: decorator
@inline
export function pointM(args: usize): usize {
  return <usize>((word(args, 10) * 32 * ((word(args, 8) + 7) >> 3) + 63) & ~63) | 64;
}

/** Tiles that the outputs make along an axis. */
// @ts-ignore: decorator
@inline
export function tilesAlong(args: usize, outputs: i32): i32 {
  return (outputs + word(args, 21) - 1) / word(args, 21);
}

/** Tiles of a block: the last one may have fewer. */
export function tilesOf(args: usize, block: i32): i32 {
  const all = word(args, 9) * tilesAlong(args, word(args, 6)) * tilesAlong(args, word(args, 7));
  return min(word(args, 10), all - block * word(args, 10));
}

/** Where the window of tile `t` begins. */
export function windowOf(args: usize, t: i32): usize {
  const tilesX = tilesAlong(args, word(args, 7)), tilesY = tilesAlong(args, word(args, 6)), step = 2 * word(args, 21);
  const row = (t / (tilesX * tilesY)) * word(args, 3) + ((t / tilesX) % tilesY) * step;
  return address(args, 0) + (<usize>((row * word(args, 4) + (t % tilesX) * step) * word(args, 5)) << 2);
}

/** The depth at a point of 3×3 windows, in C: at ∞ (the third along an axis) the odd pixels' tap is zero. */
// @ts-ignore: decorator
@inline
export function depthOfNine(point: i32): i32 {
  return (point % 3 == 2 ? 1 : 2) * (point >= 6 ? 1 : 2);
}

/** M of a point and panels first … last − 1, for `count` tiles. */
export function multiply(args: usize, i: i32, first: i32, last: i32, count: i32, v: usize, m: usize): void {
  const panels = (word(args, 8) + 7) >> 3, channels = word(args, 5);
  const nine = word(args, 21) == 2;
  const tiles = (count + tileRows - 1) / tileRows;
  const rows = address(args, 19), zero = address(args, 20);
  let before = 4 * i;
  if (nine) {
    before = 0;
    for (let k = 0; k < i; k++) before += depthOfNine(k);
  }
  const depth = (nine ? depthOfNine(i) : 4) * channels;
  const panelBytes = <usize>depth * panel, share = panelBytes / <usize>tiles, pace = paceOf(tiles, depth);
  let u = address(args, 1) + <usize>(before * channels * panels) * panel + <usize>first * panelBytes;
  v += <usize>i * pointV(args);
  for (let p = first; p < last; p++) {
    const following = p + 1 < last ? u + panelBytes : u;
    const to = m + <usize>i * pointM(args) + <usize>(p * word(args, 10)) * panel;
    let r = 0;
    for (let t = 0; t < tiles; t++) {
      const next = (count * (t + 1)) / tiles;
      rowsTile(next - r, rows + (<usize>r << 2), v, zero, 1, depth, u, to + <usize>r * panel, panel, zero, -f32(Infinity), f32(Infinity), following + <usize>t * share, pace);
      r = next;
    }
    u += panelBytes;
  }
}

/** M of a shared block. Units: points, and runs of panels of each. */
export function winogradStridedProducts(args: usize, begin: i32, end: i32, _thread: i32): void {
  const panels = (word(args, 8) + 7) >> 3, each = word(args, 11), count = tilesOf(args, word(args, 22));
  const runs = (panels + each - 1) / each;
  for (let unit = begin; unit < end; unit++) {
    const first = (unit % runs) * each;
    multiply(args, unit / runs, first, min(panels, first + each), count, address(args, 17), address(args, 18));
  }
}

/** A vector of outputs, `width` of which are wanted, with what follows them. */
// @ts-ignore: decorator
@inline
export function finish(args: usize, at: usize, y: v128, low: v128, high: v128, width: i32): void {
  const residual = address(args, 16), to = address(args, 2) + at;
  if (residual) y = f32x4.add(y, v128.load(residual + at));
  y = f32x4.pmin(f32x4.pmax(y, low), high);
  if (width >= 4) v128.store(to, y);
  else storeFew(to, y, width);
}
