// One row times a matrix: nothing is used twice, so it is a matter of reading the matrix once, where it lies or, if it stays, in panels.

import { local } from "./local";
import { address, madd, number, word } from "./simd";

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

// @ts-ignore: decorator
@inline
function clamp(x: f32, low: f32, high: f32): f32 {
  return x < low ? low : high < x ? high : x;
}

/**
 * y[n] = Σ_k x[k] w[n][k] + bias[n], clamped: rows of w are dotted with x, eight at a time. Units of `rows` rows. args:
 *  0 x, 1 w, 2 y, 3 K, 4 N, 5 bias (or 0), 6 low, 7 high, 8 rows of a unit
 * Local: eight vectors.
 */
export function dot(args: usize, begin: i32, end: i32, thread: i32): void {
  const n = word(args, 4), rows = word(args, 8);
  const own = local(thread);
  for (let u = begin; u < end; u++) {
    const last = min(n, (u + 1) * rows);
    for (let j = u * rows; j < last; j += 8) {
      const count = min(8, last - j);
      dotRows(args, j, count, own);
      for (let i = 0; i < count; i++) finish(args, j + i, v128.load(own + (<usize>i << 4)));
    }
  }
}

/** The byte offset of a row of w; those that are not there are the last one again. */
// @ts-ignore: decorator
@inline
function place(i: i32, count: i32, row: usize): usize {
  return <usize>min(i, count - 1) * row;
}

/** Eight rows are eight streams of memory, which is more than one thread can have of fewer. */
function dotRows(args: usize, j: i32, count: i32, own: usize): void {
  const x = address(args, 0);
  const row = <usize>word(args, 3) << 2;
  const w0 = address(args, 1) + <usize>j * row;
  const w1 = w0 + place(1, count, row), w2 = w0 + place(2, count, row), w3 = w0 + place(3, count, row);
  const w4 = w0 + place(4, count, row), w5 = w0 + place(5, count, row);
  const w6 = w0 + place(6, count, row), w7 = w0 + place(7, count, row);
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (let at: usize = 0; at < (row & ~15); at += 16) {
    const v = v128.load(x + at);
    a0 = madd(v, v128.load(w0 + at), a0);
    a1 = madd(v, v128.load(w1 + at), a1);
    a2 = madd(v, v128.load(w2 + at), a2);
    a3 = madd(v, v128.load(w3 + at), a3);
    a4 = madd(v, v128.load(w4 + at), a4);
    a5 = madd(v, v128.load(w5 + at), a5);
    a6 = madd(v, v128.load(w6 + at), a6);
    a7 = madd(v, v128.load(w7 + at), a7);
  }
  storeEight(own, a0, a1, a2, a3, a4, a5, a6, a7);
}

// @ts-ignore: decorator
@inline
function storeEight(y: usize, a0: v128, a1: v128, a2: v128, a3: v128, a4: v128, a5: v128, a6: v128, a7: v128): void {
  v128.store(y, a0);
  v128.store(y, a1, 16);
  v128.store(y, a2, 32);
  v128.store(y, a3, 48);
  v128.store(y, a4, 64);
  v128.store(y, a5, 80);
  v128.store(y, a6, 96);
  v128.store(y, a7, 112);
}

/** Row j: the last one to three products, the bias, the clamp. */
function finish(args: usize, j: i32, lanes: v128): void {
  const x = address(args, 0), bias = address(args, 5);
  const row = <usize>word(args, 3) << 2;
  const w = address(args, 1) + <usize>j * row, to = <usize>j << 2;
  let sum = total(lanes);
  for (let at = row & ~15; at < row; at += 4) sum += load<f32>(x + at) * load<f32>(w + at);
  store<f32>(address(args, 2) + to, clamp(bias ? sum + load<f32>(bias + to) : sum, number(args, 6), number(args, 7)));
}

/**
 * y[n] = Σ_k x[k] w[k][n]: 32 columns of w at a time, where they lie or in panels, the last filled up with zeros: then w is one
 * stream of memory, which is read faster than many. Of the last columns where they lie, what is read beyond them is thrown away.
 * Units of 32 columns. args:
 *  0 x, 1 w, 2 y, 3 K, 4 N, 5 bias (or 0), 6 low, 7 high, 8 bytes from a row of w to the next, 9 from 32 columns to the next
 * Local: 32 results.
 */
export function axpy(args: usize, begin: i32, end: i32, thread: i32): void {
  const n = word(args, 4);
  const own = local(thread);
  for (let u = begin; u < end; u++) {
    const j = u << 5, y = address(args, 2) + (<usize>j << 2);
    const whole = j + 32 <= n;
    axpyColumns(args, j, address(args, 1) + <usize>u * address(args, 9), whole ? y : own);
    if (!whole) for (let i: usize = 0; i < <usize>(n - j) << 2; i += 4) store<f32>(y + i, load<f32>(own + i));
  }
}

/** 32 columns from j on to `y`; the bias ends with N. */
function axpyColumns(args: usize, j: i32, w: usize, y: usize): void {
  const k = word(args, 3), n = word(args, 4);
  const row = address(args, 8);
  let x = address(args, 0);
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  const end = x + (<usize>k << 2);
  for (; x < end; x += 4) {
    const v = v128.load32_splat(x);
    a0 = madd(v, v128.load(w), a0);
    a1 = madd(v, v128.load(w, 16), a1);
    a2 = madd(v, v128.load(w, 32), a2);
    a3 = madd(v, v128.load(w, 48), a3);
    a4 = madd(v, v128.load(w, 64), a4);
    a5 = madd(v, v128.load(w, 80), a5);
    a6 = madd(v, v128.load(w, 96), a6);
    a7 = madd(v, v128.load(w, 112), a7);
    w += row;
  }
  storeEight(y, a0, a1, a2, a3, a4, a5, a6, a7);
  const bias = address(args, 5);
  if (bias) {
    const from = bias + (<usize>j << 2), bytes = <usize>min(32, n - j) << 2;
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(y + i, load<f32>(y + i) + load<f32>(from + i));
  }
  const low = f32x4.splat(number(args, 6)), high = f32x4.splat(number(args, 7));
  for (let i: usize = 0; i < 128; i += 16) v128.store(y + i, f32x4.pmin(f32x4.pmax(v128.load(y + i), low), high));
}
