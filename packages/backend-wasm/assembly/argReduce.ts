// Where along an axis the largest (or smallest) is.

import { foldRun, Max, Min } from "./reduce";
import { loadFew, storeFew } from "./lanes";
import { address, word } from "./simd";

/**
 * Places of the largest (or smallest) along an axis: the first wins a tie, a NaN wins over numbers. Units: lines, where the axis
 * is the innermost. args:
 *  0 x, 1 to, 2 fold (0 f32 max, 1 f32 min, 2 i32 max, 3 i32 min), 3 size of the axis
 */
export function argReduceRows(args: usize, begin: i32, end: i32, _thread: i32): void {
  const size = word(args, 3);
  for (let u = begin; u < end; u++) {
    const from = address(args, 0) + ((<usize>u * <usize>size) << 2);
    let k: i32;
    switch (word(args, 2)) {
      case 0: k = firstReal(from, size, foldRun<Max, f32>(from, size)); break;
      case 1: k = firstReal(from, size, foldRun<Min, f32>(from, size)); break;
      case 2: k = firstWhole(from, size, foldRun<Max, i32>(from, size)); break;
      default: k = firstWhole(from, size, foldRun<Min, i32>(from, size));
    }
    store<i32>(address(args, 1) + (<usize>u << 2), k);
  }
}

/** Where the value is first met that is known to be there; NaN is met by any NaN. */
function firstReal(from: usize, size: i32, value: f32): i32 {
  const wanted = f32x4.splat(value);
  let k = 0;
  if (value != value) {
    for (; k + 4 <= size; k += 4) {
      const v = v128.load(from + (<usize>k << 2));
      if (v128.any_true(f32x4.ne(v, v))) break;
    }
    for (; k < size - 1; k++) {
      const v = load<f32>(from + (<usize>k << 2));
      if (v != v) break;
    }
    return k;
  }
  for (; k + 4 <= size; k += 4) if (v128.any_true(f32x4.eq(v128.load(from + (<usize>k << 2)), wanted))) break;
  for (; k < size - 1; k++) if (load<f32>(from + (<usize>k << 2)) == value) break;
  return k;
}

function firstWhole(from: usize, size: i32, value: i32): i32 {
  const wanted = i32x4.splat(value);
  let k = 0;
  for (; k + 4 <= size; k += 4) if (v128.any_true(i32x4.eq(v128.load(from + (<usize>k << 2)), wanted))) break;
  for (; k < size - 1; k++) if (load<i32>(from + (<usize>k << 2)) == value) break;
  return k;
}

/** The same where the axis lies outside of `inner` others. Units: blocks of 32 columns, then what is outside. args: as above, 4 inner */
export function argReduceColumns(args: usize, begin: i32, end: i32, _thread: i32): void {
  const size = word(args, 3), inner = word(args, 4);
  const blocks = (inner + 31) >> 5;
  const stride = <usize>inner << 2;
  for (let u = begin; u < end; u++) {
    const outer = <usize>(u / blocks), column = (u % blocks) << 5;
    let from = address(args, 0) + outer * <usize>size * stride + (<usize>column << 2);
    let to = address(args, 1) + outer * stride + (<usize>column << 2);
    for (let left = min(32, inner - column); left > 0; left -= 4) {
      const width = min(4, left);
      let index: v128;
      switch (word(args, 2)) {
        case 0: index = argColumns<Max, f32>(from, size, stride, width); break;
        case 1: index = argColumns<Min, f32>(from, size, stride, width); break;
        case 2: index = argColumns<Max, i32>(from, size, stride, width); break;
        default: index = argColumns<Min, i32>(from, size, stride, width);
      }
      if (width == 4) v128.store(to, index);
      else storeFew(to, index, width);
      from += 16;
      to += 16;
    }
  }
}

function argColumns<F, T>(from: usize, size: i32, stride: usize, width: i32): v128 {
  let best = width == 4 ? v128.load(from) : loadFew(from, width);
  let index = i32x4.splat(0);
  for (let k = 1; k < size; k++) {
    from += stride;
    const v = width == 4 ? v128.load(from) : loadFew(from, width);
    let better: v128;
    if (isFloat<T>()) {
      better = idof<F>() == idof<Max>() ? f32x4.gt(v, best) : f32x4.lt(v, best);
      // A NaN is better than a number, and nothing is better than a NaN: comparisons with it are false.
      better = v128.or(better, v128.and(f32x4.ne(v, v), f32x4.eq(best, best)));
    } else better = idof<F>() == idof<Max>() ? i32x4.gt_s(v, best) : i32x4.lt_s(v, best);
    best = v128.bitselect(v, best, better);
    index = v128.bitselect(i32x4.splat(k), index, better);
  }
  return index;
}
