// Folds over axes: rows, whose elements follow each other, and columns, where a row of results is folded from many rows.
// Around both go two walks: over the results' places, and over the rows (or runs) that fall together in one.

import { loadFew, storeFew } from "./lanes";
import { address, number, word } from "./simd";

// What is folded how, chosen when the module is compiled: F is one of these, T is f32 or i32.
class Sum {}
class Prod {}
export class Max {}
export class Min {}

/** What changes nothing. */
// @ts-ignore: decorator
@inline
function none<F, T>(): T {
  if (idof<F>() == idof<Sum>()) return <T>0;
  if (idof<F>() == idof<Prod>()) return <T>1;
  if (isFloat<T>()) return idof<F>() == idof<Max>() ? <T>-Infinity : <T>Infinity;
  return idof<F>() == idof<Max>() ? <T>i32.MIN_VALUE : <T>i32.MAX_VALUE;
}

// @ts-ignore: decorator
@inline
function splat<T>(value: T): v128 {
  if (isFloat<T>()) return f32x4.splat(<f32>value);
  return i32x4.splat(<i32>value);
}

/** max and min give NaN where one is. */
// @ts-ignore: decorator
@inline
function fold<F, T>(a: v128, b: v128): v128 {
  if (isFloat<T>()) {
    if (idof<F>() == idof<Sum>()) return f32x4.add(a, b);
    if (idof<F>() == idof<Prod>()) return f32x4.mul(a, b);
    return idof<F>() == idof<Max>() ? f32x4.max(a, b) : f32x4.min(a, b);
  }
  if (idof<F>() == idof<Sum>()) return i32x4.add(a, b);
  if (idof<F>() == idof<Prod>()) return i32x4.mul(a, b);
  return idof<F>() == idof<Max>() ? i32x4.max_s(a, b) : i32x4.min_s(a, b);
}

// @ts-ignore: decorator
@inline
function foldOne<F, T>(a: T, b: T): T {
  if (idof<F>() == idof<Sum>()) return <T>(a + b);
  if (idof<F>() == idof<Prod>()) return <T>(a * b);
  return idof<F>() == idof<Max>() ? max<T>(a, b) : min<T>(a, b);
}

// @ts-ignore: decorator
@inline
function foldLanes<F, T>(v: v128): T {
  if (isFloat<T>()) {
    const left = foldOne<F, f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
    return <T>foldOne<F, f32>(left, foldOne<F, f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
  }
  const left = foldOne<F, i32>(i32x4.extract_lane(v, 0), i32x4.extract_lane(v, 1));
  return <T>foldOne<F, i32>(left, foldOne<F, i32>(i32x4.extract_lane(v, 2), i32x4.extract_lane(v, 3)));
}

/** Byte offset of the i-th place of a walk: `axes` pairs (size, stride in bytes), the last axis fastest. */
function place(walk: usize, axes: i32, i: i32): usize {
  let offset: usize = 0;
  for (let at = walk + (<usize>axes << 3); at > walk; ) {
    at -= 8;
    const size = load<i32>(at);
    offset += <usize>(i % size) * load<usize>(at, 4);
    i /= size;
  }
  return offset;
}

/**
 * Rows. A result is folded from runs of elements that follow each other; long runs are cut into pieces, and the pieces of one
 * result are shared out in chunks: to[chunk][result]. Units: chunks of results, the chunk slowest. args:
 *  0 x, 1 to, 2 fold (0 sum, 1 prod, 2 max, 3 min; + 4: i32; here sum and max of f32), 3 divisor (f32; 1 for none), 4 results,
 *  5 pieces of a chunk, 6 pieces in all, 7 pieces of a run, 8 elements of a piece, 9 elements of a run,
 *  10 walk over results, 11 its axes, 12 walk over runs, 13 its axes
 */
export function reduceRows(args: usize, begin: i32, end: i32, _thread: i32): void {
  for (let u = begin; u < end; u++) {
    if (word(args, 2) == 0) rowUnit<Sum, f32>(args, u);
    else rowUnit<Max, f32>(args, u);
  }
}

/** The other folds. */
export function reduceRowsOther(args: usize, begin: i32, end: i32, _thread: i32): void {
  for (let u = begin; u < end; u++) {
    switch (word(args, 2)) {
      case 1: rowUnit<Prod, f32>(args, u); break;
      case 3: rowUnit<Min, f32>(args, u); break;
      case 4: rowUnit<Sum, i32>(args, u); break;
      case 5: rowUnit<Prod, i32>(args, u); break;
      case 6: rowUnit<Max, i32>(args, u); break;
      default: rowUnit<Min, i32>(args, u);
    }
  }
}

function rowUnit<F, T>(args: usize, u: i32): void {
  const results = word(args, 4);
  const k = u % results, chunk = u / results;
  const each = word(args, 5), pieces = word(args, 7), piece = word(args, 8), run = word(args, 9);
  const runs = address(args, 12), axes = word(args, 13);
  const from = address(args, 0) + place(address(args, 10), word(args, 11), k);
  const last = min(word(args, 6), (chunk + 1) * each);
  let all = none<F, T>();
  for (let i = chunk * each; i < last; i++) {
    const begin = (i % pieces) * piece;
    all = foldOne<F, T>(all, foldRun<F, T>(from + place(runs, axes, i / pieces) + (<usize>begin << 2), min(piece, run - begin)));
  }
  if (isFloat<T>()) {
    const divisor = number(args, 3);
    if (divisor != 1) all = <T>(<f32>all / divisor);
  }
  store<T>(address(args, 1) + (<usize>u << 2), all);
}

/** Four vectors at once, so that none waits for the one before. */
export function foldRun<F, T>(from: usize, count: i32): T {
  const end = from + (<usize>count << 2);
  let a = splat<T>(none<F, T>());
  if (count >= 16) {
    let b = a, c = a, d = a;
    for (; from + 64 <= end; from += 64) {
      a = fold<F, T>(a, v128.load(from));
      b = fold<F, T>(b, v128.load(from, 16));
      c = fold<F, T>(c, v128.load(from, 32));
      d = fold<F, T>(d, v128.load(from, 48));
    }
    a = fold<F, T>(fold<F, T>(a, b), fold<F, T>(c, d));
  }
  for (; from + 16 <= end; from += 16) a = fold<F, T>(a, v128.load(from));
  let all = foldLanes<F, T>(a);
  for (; from < end; from += 4) all = foldOne<F, T>(all, load<T>(from));
  return all;
}

/**
 * Columns: to[chunk][result][column] is folded from a chunk of the rows that fall together in it. Units: blocks of columns,
 * then results, then chunks. The rows' innermost axis is walked by its stride, the others by `place`. args:
 *  0 x, 1 to, 2 fold, 3 divisor (both as in reduceRows), 4 results, 5 rows of a chunk, 6 rows in all, 7 columns, 8 columns of
 *  a block, 9 blocks, 10 walk over results, 11 its axes, 12 walk over rows but for the innermost axis, 13 its axes,
 *  14 size of the innermost, 15 its stride, 16 most rows at once
 */
export function reduceColumns(args: usize, begin: i32, end: i32, _thread: i32): void {
  for (let u = begin; u < end; u++) {
    if (word(args, 2) == 0) columnUnit<Sum, f32>(args, u);
    else columnUnit<Max, f32>(args, u);
  }
}

/** The other folds. */
export function reduceColumnsOther(args: usize, begin: i32, end: i32, _thread: i32): void {
  for (let u = begin; u < end; u++) {
    switch (word(args, 2)) {
      case 1: columnUnit<Prod, f32>(args, u); break;
      case 3: columnUnit<Min, f32>(args, u); break;
      case 4: columnUnit<Sum, i32>(args, u); break;
      case 5: columnUnit<Prod, i32>(args, u); break;
      case 6: columnUnit<Max, i32>(args, u); break;
      default: columnUnit<Min, i32>(args, u);
    }
  }
}

function columnUnit<F, T>(args: usize, u: i32): void {
  const blocks = word(args, 9), columns = word(args, 7), block = word(args, 8);
  // A chunk's results follow those of the one before.
  const result = u / blocks;
  const k = result % word(args, 4), chunk = result / word(args, 4);
  const column = (u % blocks) * block;
  const width = min(block, columns - column);
  const each = word(args, 5), inner = word(args, 14), stride = address(args, 15), most = word(args, 16);
  const from = address(args, 0) + place(address(args, 10), word(args, 11), k) + (<usize>column << 2);
  const to = address(args, 1) + ((<usize>result * <usize>columns + <usize>column) << 2);
  const last = min(word(args, 6), (chunk + 1) * each);
  let i = chunk * each;
  let fresh = true;
  // As many rows at once as stay near while the next columns are folded from them.
  do {
    const at = i % inner;
    const count = min(most, min(inner - at, last - i));
    foldRows<F, T>(from + place(address(args, 12), word(args, 13), i / inner) + <usize>at * stride, count, stride, width, to, fresh);
    fresh = false;
    i += count;
  } while (i < last);
  if (isFloat<T>()) {
    const divisor = number(args, 3);
    if (divisor != 1) divide(to, width, divisor);
  }
}

function divide(to: usize, count: i32, divisor: f32): void {
  for (const end = to + (<usize>count << 2); to < end; to += 4) store<f32>(to, load<f32>(to) / divisor);
}

/** `columns` results from `count` rows, whose sums are small ones of their own; then on top of `to`, unless it is fresh. */
function foldRows<F, T>(from: usize, count: i32, stride: usize, columns: i32, to: usize, fresh: bool): void {
  for (; columns >= 16; columns -= 16) {
    foldWide<F, T>(from, count, stride, to, fresh);
    from += 64;
    to += 64;
  }
  for (; columns >= 4; columns -= 4) {
    const all = foldNarrow<F, T>(from, count, stride);
    v128.store(to, fresh ? all : fold<F, T>(v128.load(to), all));
    from += 16;
    to += 16;
  }
  if (columns > 0) {
    const all = foldFew<F, T>(from, count, stride, columns);
    storeFew(to, fresh ? all : fold<F, T>(loadFew(to, columns), all), columns);
  }
}

/** 16 columns, two rows at once. */
function foldWide<F, T>(from: usize, count: i32, stride: usize, to: usize, fresh: bool): void {
  const empty = splat<T>(none<F, T>());
  let a0 = empty, a1 = empty, a2 = empty, a3 = empty, b0 = empty, b1 = empty, b2 = empty, b3 = empty;
  for (; count >= 2; count -= 2) {
    a0 = fold<F, T>(a0, v128.load(from));
    a1 = fold<F, T>(a1, v128.load(from, 16));
    a2 = fold<F, T>(a2, v128.load(from, 32));
    a3 = fold<F, T>(a3, v128.load(from, 48));
    from += stride;
    b0 = fold<F, T>(b0, v128.load(from));
    b1 = fold<F, T>(b1, v128.load(from, 16));
    b2 = fold<F, T>(b2, v128.load(from, 32));
    b3 = fold<F, T>(b3, v128.load(from, 48));
    from += stride;
  }
  if (count > 0) {
    a0 = fold<F, T>(a0, v128.load(from));
    a1 = fold<F, T>(a1, v128.load(from, 16));
    a2 = fold<F, T>(a2, v128.load(from, 32));
    a3 = fold<F, T>(a3, v128.load(from, 48));
  }
  a0 = fold<F, T>(a0, b0);
  a1 = fold<F, T>(a1, b1);
  a2 = fold<F, T>(a2, b2);
  a3 = fold<F, T>(a3, b3);
  v128.store(to, fresh ? a0 : fold<F, T>(v128.load(to), a0));
  v128.store(to, fresh ? a1 : fold<F, T>(v128.load(to, 16), a1), 16);
  v128.store(to, fresh ? a2 : fold<F, T>(v128.load(to, 32), a2), 32);
  v128.store(to, fresh ? a3 : fold<F, T>(v128.load(to, 48), a3), 48);
}

/** 4 columns, four rows at once. */
function foldNarrow<F, T>(from: usize, count: i32, stride: usize): v128 {
  let a = splat<T>(none<F, T>()), b = a, c = a, d = a;
  const two = stride << 1;
  for (; count >= 4; count -= 4) {
    a = fold<F, T>(a, v128.load(from));
    b = fold<F, T>(b, v128.load(from + stride));
    from += two;
    c = fold<F, T>(c, v128.load(from));
    d = fold<F, T>(d, v128.load(from + stride));
    from += two;
  }
  for (; count > 0; count--) {
    a = fold<F, T>(a, v128.load(from));
    from += stride;
  }
  return fold<F, T>(fold<F, T>(a, b), fold<F, T>(c, d));
}

/** 1 to 3 columns, two rows at once. */
function foldFew<F, T>(from: usize, count: i32, stride: usize, columns: i32): v128 {
  let a = splat<T>(none<F, T>()), b = a;
  for (; count >= 2; count -= 2) {
    a = fold<F, T>(a, loadFew(from, columns));
    b = fold<F, T>(b, loadFew(from + stride, columns));
    from += stride << 1;
  }
  if (count > 0) a = fold<F, T>(a, loadFew(from, columns));
  return fold<F, T>(a, b);
}
