// One row times a matrix: nothing is used twice, so it is a matter of reading the matrix once, where it lies.

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
 */
export function dot(args: usize, begin: i32, end: i32, _thread: i32): void {
  const n = word(args, 4), rows = word(args, 8);
  for (let u = begin; u < end; u++) {
    const last = min(n, (u + 1) * rows);
    for (let j = u * rows; j < last; j += 8) dotRows(args, j, min(8, last - j));
  }
}

/** Eight rows are eight streams of memory, which is more than one thread can have of fewer. */
function dotRows(args: usize, j: i32, count: i32): void {
  const x = address(args, 0);
  const row = <usize>word(args, 3) << 2;
  const w0 = address(args, 1) + <usize>j * row;
  // Rows that are not there are row 0 again.
  const w1 = count > 1 ? w0 + row : w0, w2 = count > 2 ? w0 + 2 * row : w0, w3 = count > 3 ? w0 + 3 * row : w0;
  const w4 = count > 4 ? w0 + 4 * row : w0, w5 = count > 5 ? w0 + 5 * row : w0;
  const w6 = count > 6 ? w0 + 6 * row : w0, w7 = count > 7 ? w0 + 7 * row : w0;
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
  finish(args, j, a0);
  if (count > 1) finish(args, j + 1, a1);
  if (count > 2) finish(args, j + 2, a2);
  if (count > 3) finish(args, j + 3, a3);
  if (count > 4) finish(args, j + 4, a4);
  if (count > 5) finish(args, j + 5, a5);
  if (count > 6) finish(args, j + 6, a6);
  if (count > 7) finish(args, j + 7, a7);
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
 * y[n] = Σ_k x[k] w[k][n]: 32 columns of w at a time. Units of 32 columns. args:
 *  0 x, 1 w, 2 y, 3 K, 4 N, 5 bias (or 0), 6 low, 7 high
 */
export function axpy(args: usize, begin: i32, end: i32, _thread: i32): void {
  const n = word(args, 4);
  for (let u = begin; u < end; u++) {
    const j = u << 5;
    if (j + 32 <= n) axpyColumns(args, j, address(args, 1) + (<usize>j << 2), <usize>n << 2, address(args, 2) + (<usize>j << 2));
    else for (let i = j; i < n; i += 4) axpyFew(args, i, min(4, n - i));
  }
}

/**
 * The same of w in panels of 32 columns, the last filled up with zeros: one stream of memory, which is read faster than several. args: as axpy.
 * Local: a panel's results.
 */
export function axpyPanels(args: usize, begin: i32, end: i32, thread: i32): void {
  const n = word(args, 4);
  const bytes = <usize>word(args, 3) << 7;
  for (let u = begin; u < end; u++) {
    const j = u << 5, y = address(args, 2) + (<usize>j << 2);
    const whole = j + 32 <= n, own = local(thread);
    axpyColumns(args, j, address(args, 1) + <usize>u * bytes, 128, whole ? y : own);
    if (!whole) for (let i: usize = 0; i < <usize>(n - j) << 2; i += 4) store<f32>(y + i, load<f32>(own + i));
  }
}

/** Columns j … j + 31 of N or, of the last ones, more; from a row of w to the next it is `row` bytes. */
function axpyColumns(args: usize, j: i32, w: usize, row: usize, y: usize): void {
  const k = word(args, 3), n = word(args, 4);
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
  v128.store(y, a0);
  v128.store(y, a1, 16);
  v128.store(y, a2, 32);
  v128.store(y, a3, 48);
  v128.store(y, a4, 64);
  v128.store(y, a5, 80);
  v128.store(y, a6, 96);
  v128.store(y, a7, 112);
  const bias = address(args, 5);
  if (bias) {
    const from = bias + (<usize>j << 2), bytes = <usize>min(32, n - j) << 2;
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(y + i, load<f32>(y + i) + load<f32>(from + i));
  }
  const low = f32x4.splat(number(args, 6)), high = f32x4.splat(number(args, 7));
  for (let i: usize = 0; i < 128; i += 16) v128.store(y + i, f32x4.pmin(f32x4.pmax(v128.load(y + i), low), high));
}

/** The last columns, one by one. */
function axpyFew(args: usize, j: i32, count: i32): void {
  const row = <usize>word(args, 4) << 2;
  const bias = address(args, 5);
  for (let i = j; i < j + count; i++) {
    let x = address(args, 0), w = address(args, 1) + (<usize>i << 2);
    const end = x + (<usize>word(args, 3) << 2);
    let sum: f32 = 0;
    for (; x < end; x += 4) {
      sum += load<f32>(x) * load<f32>(w);
      w += row;
    }
    const at = <usize>i << 2;
    store<f32>(address(args, 2) + at, clamp(bias ? sum + load<f32>(bias + at) : sum, number(args, 6), number(args, 7)));
  }
}
