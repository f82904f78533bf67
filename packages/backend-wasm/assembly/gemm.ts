// Products. A is rows anywhere in memory (pixels of a map, rows of a matrix): a table of byte offsets, one for each row;
// along the depth a row is `count` runs of `length` elements each, with a table of what to skip before each run. So one
// kernel serves matrices, 1×1 convolutions, and convolutions over a map that has its padding: there a window is one run
// for each row of the filter.
//
// B is packed in panels of 8 columns: [panel][depth][8], the last one filled up with zeros (see pack.ts).

import { columns1, columns2, columns3, columns4, columns5, columns6, rows1, rows2, rows3, rows4, rows5, rows5plain, rows6, rows6plain } from "./generated/tiles";
import { loadFew, storeFew } from "./lanes";
import { local } from "./local";
import { address, number, panel, word } from "./simd";

/** Rows of the largest tile. */
// @ts-ignore: decorator
@inline
export const tileRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;

/** A tile of fewer rows than the largest. */
function edgeTile(height: i32, rows: usize, a: usize, runs: usize, count: i32, length: i32, b: usize, c: usize, ldc: usize, bias: usize, low: f32, high: f32, ahead: usize, pace: usize): void {
  switch (height) {
    case 1: rows1(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace); break;
    case 2: rows2(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace); break;
    case 3: rows3(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace); break;
    case 4: rows4(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace); break;
    default: rows5(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace);
  }
}

/**
 * C = A B + bias, clamped, for `height` rows and 8 columns. `ahead`, `pace`: what to look at for later, see `paceOf`; no pace:
 * nothing. Most tiles are the largest, and where depth is short a call is a good part of a tile's time: they are called without a detour.
 */
// @ts-ignore: decorator
@inline
export function rowsTile(height: i32, rows: usize, a: usize, runs: usize, count: i32, length: i32, b: usize, c: usize, ldc: usize, bias: usize, low: f32, high: f32, ahead: usize, pace: usize): void {
  if (height < tileRows) edgeTile(height, rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace);
  else if (ASC_FEATURE_RELAXED_SIMD) {
    if (pace) rows6(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace);
    else rows6plain(rows, a, runs, count, length, b, c, ldc, bias, low, high);
  } else if (pace) rows5(rows, a, runs, count, length, b, c, ldc, bias, low, high, ahead, pace);
  else rows5plain(rows, a, runs, count, length, b, c, ldc, bias, low, high);
}

/**
 * Bytes of the next panel to look at for each four steps (128 bytes of this one), where so many tiles share a panel of this depth; 0: a
 * single tile has no time for that, and a short one loses more by it than it gains.
 */
// @ts-ignore: decorator
@inline
export function paceOf(tiles: i32, depth: i32): usize {
  return tiles > 1 && depth > 32 ? 128 / <usize>tiles : 0;
}

/** Panels of so many bytes are read whole before they are used. */
const longPanel: usize = 24576;

/**
 * Reads a long panel before the tiles that share it: who does nothing else gets about twice as much from memory as a tile that looks at a line
 * now and then. In two streams, to which memory gives more than to one.
 */
function stream(at: usize, bytes: usize): void {
  const half = (bytes >> 7) << 6;
  for (const end = at + half; at < end; at += 64) {
    load<i32>(at);
    load<i32>(at + half);
  }
}

function columnsTile(height: i32, a: usize, lda: usize, b: usize, places: usize, count: i32, c: usize, ldc: usize): void {
  switch (height) {
    case 1: columns1(a, lda, b, places, count, c, ldc); break;
    case 2: columns2(a, lda, b, places, count, c, ldc); break;
    case 3: columns3(a, lda, b, places, count, c, ldc); break;
    case 4: columns4(a, lda, b, places, count, c, ldc); break;
    case 5: columns5(a, lda, b, places, count, c, ldc); break;
    default:
      if (ASC_FEATURE_RELAXED_SIMD) columns6(a, lda, b, places, count, c, ldc);
  }
}

/** Adds `from` to the `height` rows of `width` floats at `c`, then clamps. Rows lie ldc bytes apart in both. */
function addClamped(c: usize, from: usize, ldc: usize, height: i32, width: i32, low: f32, high: f32): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  for (let i = 0; i < height; i++) {
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      const at = <usize>j << 2;
      v128.store(c + at, f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(c + at), v128.load(from + at)), lows), highs));
    }
    for (; j < width; j++) {
      const at = <usize>j << 2;
      const x = load<f32>(c + at) + load<f32>(from + at);
      store<f32>(c + at, x < low ? low : high < x ? high : x);
    }
    c += ldc;
    from += ldc;
  }
}

/** `width` ≤ 8 floats. */
function copyRow(to: usize, from: usize, width: i32): void {
  if (width >= 4) {
    v128.store(to, v128.load(from));
    if (width == 4) return;
    if (width == 8) return v128.store(to, v128.load(from, 16), 16);
    to += 16;
    from += 16;
  }
  storeFew(to, loadFew(from, width & 3), width & 3);
}

/**
 * Units: row blocks, then panel blocks. args:
 *  0 a, 1 rows, 2 runs, 3 count, 4 length, 5 b, 6 c, 7 ldc (bytes), 8 M, 9 N, 10 bias, 11 bytes from a panel's bias to the
 *  next one's (0: it is 8 zeros), 12 low, 13 high, 14 rows of a block, 15 row blocks, 16 panels of a block, 17 residual (or 0), laid
 *  out as c, 18 places: byte offsets from c of the output's rows (or 0: ldc apart).
 * Local: one tile.
 */
export function gemm(args: usize, begin: i32, end: i32, thread: i32): void {
  const a = address(args, 0), rows = address(args, 1), runs = address(args, 2);
  const count = word(args, 3), length = word(args, 4);
  const b = address(args, 5), c = address(args, 6), ldc = address(args, 7);
  const m = word(args, 8), n = word(args, 9);
  const bias = address(args, 10), biasStep = address(args, 11);
  const low = number(args, 12), high = number(args, 13);
  const blockRows = word(args, 14), rowBlocks = word(args, 15), blockPanels = word(args, 16);
  const residual = address(args, 17), places = address(args, 18);
  const panelBytes = <usize>(count * length) * panel;
  const panels = (n + 7) >> 3;
  const own = local(thread);
  const tileLow: f32 = residual ? -f32(Infinity) : low, tileHigh: f32 = residual ? f32(Infinity) : high;
  for (let u = begin; u < end; u++) {
    const first = (u % rowBlocks) * blockRows;
    const height = min(blockRows, m - first);
    const tiles = (height + tileRows - 1) / tileRows;
    const long = tiles > 1 && panelBytes >= longPanel;
    const share = panelBytes / <usize>tiles, pace: usize = long ? 0 : paceOf(tiles, count * length);
    const lastPanel = min(panels, (u / rowBlocks + 1) * blockPanels);
    for (let p = (u / rowBlocks) * blockPanels; p < lastPanel; p++) {
      const panelB = b + <usize>p * panelBytes;
      const column = <usize>p * panel;
      const width = min(8, n - (p << 3));
      const aside = width < 8 || places != 0;
      // Rows of fewer than 8 columns lie together: what a tile writes beyond its end, the next ones of the block write over.
      const over = n < 8 && ldc == <usize>n << 2 && !places && !residual;
      if (long) stream(panelB, panelBytes);
      // All tiles of a panel together look at the next one.
      const following = p + 1 < lastPanel ? panelB + panelBytes : panelB;
      let r = first;
      for (let t = 0; t < tiles; t++) {
        // As even as can be: never a tile of one row behind full ones.
        const next = first + (height * (t + 1)) / tiles;
        const to = c + <usize>r * ldc + column;
        if (aside && !(over && (first + height - next) * n >= 8 - n)) {
          rowsTile(next - r, rows + (<usize>r << 2), a, runs, count, length, panelB, own, panel, bias + <usize>p * biasStep, tileLow, tileHigh, following + <usize>t * share, pace);
          for (let i = r; i < next; i++) {
            const row = places ? c + load<u32>(places + (<usize>i << 2)) + column : c + <usize>i * ldc + column;
            copyRow(row, own + <usize>(i - r) * panel, width);
            if (residual) addClamped(row, residual + (row - c), ldc, 1, width, low, high);
          }
        } else {
          rowsTile(next - r, rows + (<usize>r << 2), a, runs, count, length, panelB, to, ldc, bias + <usize>p * biasStep, tileLow, tileHigh, following + <usize>t * share, pace);
          if (residual) addClamped(to, residual + (to - c), ldc, next - r, 8, low, high);
        }
        r = next;
      }
    }
  }
}

/** Steps of the depth that are summed up before the next tile: what they read stays in the first-level cache. */
const depthBlock: i32 = 128;

/**
 * C[m][n] = Σ_p a[p][m] b[p][n], depth M of both outermost: the gradient of filters. b[p] lies at a table's offset.
 * Units: panel blocks, runs outermost. args:
 *  0 a, 1 lda (bytes), 2 b, 3 places, 4 depth, 5 c, 6 ldc (bytes), 7 M, 8 N of a run, 9 panels of a block, 10 panel blocks of a run,
 *  11 runs: for each the byte offset of b, then that of c.
 * Local: one tile.
 */
export function gemmColumns(args: usize, begin: i32, end: i32, thread: i32): void {
  const a = address(args, 0), lda = address(args, 1), b = address(args, 2), places = address(args, 3);
  const depth = word(args, 4);
  const c = address(args, 5), ldc = address(args, 6);
  const m = word(args, 7), n = word(args, 8);
  const blockPanels = word(args, 9), blocks = word(args, 10);
  const runs = address(args, 11);
  const panels = (n + 7) >> 3;
  const tiles = (m + tileRows - 1) / tileRows;
  const own = local(thread);
  for (let u = begin; u < end; u++) {
    const run = runs + (<usize>(u / blocks) << 3);
    const fromB = b + load<u32>(run);
    const toC = c + load<u32>(run, 4);
    const firstPanel = (u % blocks) * blockPanels;
    const lastPanel = min(panels, firstPanel + blockPanels);
    for (let i = 0; i < m; i++) {
      const row = toC + <usize>i * ldc + <usize>firstPanel * panel;
      memory.fill(row, 0, <usize>(min(n, lastPanel << 3) - (firstPanel << 3)) << 2);
    }
    for (let k = 0; k < depth; k += depthBlock) {
      const part = min(depthBlock, depth - k);
      const fromA = a + <usize>k * lda;
      const at = places + (<usize>k << 2);
      for (let p = firstPanel; p < lastPanel; p++) {
        const column = <usize>p * panel;
        const width = min(8, n - (p << 3));
        let r = 0;
        for (let t = 0; t < tiles; t++) {
          const next = (m * (t + 1)) / tiles;
          const to = toC + <usize>r * ldc + column;
          const fromRow = fromA + (<usize>r << 2);
          if (width == 8) columnsTile(next - r, fromRow, lda, fromB + column, at, part, to, ldc);
          else {
            for (let i = 0; i < next - r; i++) copyRow(own + <usize>i * panel, to + <usize>i * ldc, width);
            columnsTile(next - r, fromRow, lda, fromB + column, at, part, own, panel);
            for (let i = 0; i < next - r; i++) copyRow(to + <usize>i * ldc, own + <usize>i * panel, width);
          }
          r = next;
        }
      }
    }
  }
}
