// Softmax and its kin: with m the largest of a line, e^(x − m) / Σ e^(x − m) and x − m − log Σ e^(x − m). A result may lie where
// its operand lies: each element is read before it is written.

import { exp, log } from "./exp";
import { loadFew, storeFew } from "./lanes";
import { address, number, word } from "./simd";

/** The first `count` lanes of a vector of 4: all ones. */
// @ts-ignore: decorator
@inline
function lanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** The last elements of a row, and −∞ behind them, whose share is 0. */
// @ts-ignore: decorator
@inline
function loadRest(from: usize, count: i32): v128 {
  return v128.bitselect(loadFew(from, count), f32x4.splat(-Infinity), lanes(count));
}

/** The largest of a row; NaN where one is. */
function largest(from: usize, count: i32): f32 {
  let a = f32x4.splat(-Infinity), b = a;
  for (; count >= 8; count -= 8) {
    a = f32x4.max(a, v128.load(from));
    b = f32x4.max(b, v128.load(from, 16));
    from += 32;
  }
  if (count >= 4) {
    a = f32x4.max(a, v128.load(from));
    from += 16;
    count -= 4;
  }
  if (count > 0) b = f32x4.max(b, loadRest(from, count));
  a = f32x4.max(a, b);
  const left = max<f32>(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1));
  return max<f32>(left, max<f32>(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)));
}

// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Σ e^(x − m) of a row, written to `to` term by term unless that is 0. */
function exponentials(from: usize, to: usize, count: i32, most: f32): f32 {
  const m = f32x4.splat(most);
  let sum = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    const e = exp(f32x4.sub(v128.load(from), m));
    sum = f32x4.add(sum, e);
    if (to) {
      v128.store(to, e);
      to += 16;
    }
    from += 16;
  }
  if (count > 0) {
    // Lanes behind the row count as 0 even where m is −∞.
    const e = v128.and(exp(f32x4.sub(loadRest(from, count), m)), lanes(count));
    sum = f32x4.add(sum, e);
    if (to) storeFew(to, e, count);
  }
  return total(sum);
}

// @ts-ignore: decorator
@inline
function logOne(x: f32): f32 {
  return f32x4.extract_lane(log(f32x4.splat(x)), 0);
}

/** Lines along the innermost axis. Units: rows. args: 0 x, 1 to, 2 size of the axis, 3 whether logarithms are wanted */
export function softmaxRows(args: usize, begin: i32, end: i32, _thread: i32): void {
  const size = word(args, 2), logs = word(args, 3);
  const row = <usize>size << 2;
  for (let u = begin; u < end; u++) {
    const from = address(args, 0) + <usize>u * row, to = address(args, 1) + <usize>u * row;
    const most = largest(from, size);
    if (logs) shift(from, to, size, most, logOne(exponentials(from, 0, size, most)));
    else scale(to, size, exponentials(from, to, size, most));
  }
}

function scale(to: usize, count: i32, sum: f32): void {
  const s = f32x4.splat(sum);
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.div(v128.load(to), s));
    to += 16;
  }
  if (count > 0) storeFew(to, f32x4.div(loadFew(to, count), s), count);
}

function shift(from: usize, to: usize, count: i32, most: f32, by: f32): void {
  const m = f32x4.splat(most), s = f32x4.splat(by);
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.sub(f32x4.sub(v128.load(from), m), s));
    from += 16;
    to += 16;
  }
  if (count > 0) storeFew(to, f32x4.sub(f32x4.sub(loadFew(from, count), m), s), count);
}

/**
 * Lines along an axis outside of `inner` others. Units: blocks of 32 lines side by side, then what is outside. args: as above,
 * 4 inner
 */
export function softmaxColumns(args: usize, begin: i32, end: i32, _thread: i32): void {
  const size = word(args, 2), logs = word(args, 3), inner = word(args, 4);
  const blocks = (inner + 31) >> 5;
  const stride = <usize>inner << 2;
  for (let u = begin; u < end; u++) {
    const column = (u % blocks) << 5;
    let at = <usize>(u / blocks) * <usize>size * stride + (<usize>column << 2);
    for (let left = min(32, inner - column); left > 0; left -= 4) {
      columns(address(args, 0) + at, address(args, 1) + at, size, stride, min(4, left), logs);
      at += 16;
    }
  }
}

// @ts-ignore: decorator
@inline
function read(from: usize, width: i32): v128 {
  return width == 4 ? v128.load(from) : loadFew(from, width);
}

// @ts-ignore: decorator
@inline
function write(to: usize, y: v128, width: i32): void {
  if (width == 4) v128.store(to, y);
  else storeFew(to, y, width);
}

/** Up to four lines, a lane each. */
function columns(from: usize, to: usize, size: i32, stride: usize, width: i32, logs: i32): void {
  const span = <usize>size * stride;
  let most = read(from, width);
  for (let at = stride; at < span; at += stride) most = f32x4.max(most, read(from + at, width));
  let sum = f32x4.splat(0);
  if (logs) {
    for (let at: usize = 0; at < span; at += stride) sum = f32x4.add(sum, exp(f32x4.sub(read(from + at, width), most)));
    const by = log(sum);
    for (let at: usize = 0; at < span; at += stride) {
      write(to + at, f32x4.sub(f32x4.sub(read(from + at, width), most), by), width);
    }
    return;
  }
  for (let at: usize = 0; at < span; at += stride) {
    const e = exp(f32x4.sub(read(from + at, width), most));
    sum = f32x4.add(sum, e);
    write(to + at, e, width);
  }
  for (let at: usize = 0; at < span; at += stride) write(to + at, f32x4.div(read(to + at, width), sum), width);
}

/**
 * One loss for each row of logits: −Σ q · log softmax(x), q = (1 − s) · p + s / K; p is 1 at the row's class, or given. A row
 * whose class is none of 0 … K − 1 has loss 0. Units: rows. args:
 *  0 logits, 1 targets, 2 to, 3 K, 4 1 − s (f32), 5 s / K (f32), 6 whether probabilities are given
 */
export function crossEntropy(args: usize, begin: i32, end: i32, _thread: i32): void {
  const size = word(args, 3), given = word(args, 6);
  const row = <usize>size << 2;
  for (let u = begin; u < end; u++) {
    const x = address(args, 0) + <usize>u * row;
    const t = address(args, 1);
    const y = given ? ofShares(args, x, t + <usize>u * row, size) : ofClass(args, x, load<i32>(t + (<usize>u << 2)), size);
    store<f32>(address(args, 2) + (<usize>u << 2), y);
  }
}

function ofClass(args: usize, x: usize, target: i32, size: i32): f32 {
  if (target < 0 || target >= size) return 0;
  const most = largest(x, size);
  const by = logOne(exponentials(x, 0, size, most));
  const own = by - (load<f32>(x + (<usize>target << 2)) - most);
  const smooth = number(args, 5);
  return smooth == 0 ? own : own * number(args, 4) + smooth * losses(x, 0, size, most, by, 0, 1);
}

function ofShares(args: usize, x: usize, shares: usize, size: i32): f32 {
  const most = largest(x, size);
  const by = logOne(exponentials(x, 0, size, most));
  return losses(x, shares, size, most, by, number(args, 4), number(args, 5));
}

/** Σ (scale · shares + each) · −log softmax(x) of a row; shares may be 0: none. */
function losses(x: usize, shares: usize, count: i32, most: f32, by: f32, scale: f32, each: f32): f32 {
  const m = f32x4.splat(most), b = f32x4.splat(by), s = f32x4.splat(scale), e = f32x4.splat(each);
  let sum = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    const loss = f32x4.sub(b, f32x4.sub(v128.load(x), m));
    const q = shares ? f32x4.add(f32x4.mul(v128.load(shares), s), e) : e;
    sum = f32x4.add(sum, f32x4.mul(q, loss));
    x += 16;
    if (shares) shares += 16;
  }
  if (count > 0) {
    const loss = f32x4.sub(b, f32x4.sub(loadFew(x, count), m));
    const q = shares ? f32x4.add(f32x4.mul(loadFew(shares, count), s), e) : e;
    sum = f32x4.add(sum, v128.and(f32x4.mul(q, loss), lanes(count)));
  }
  return total(sum);
}
