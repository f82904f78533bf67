// Between f16 and f32, eight at a time, in integers; the last vector of a value may be read and written whole.
import { address, word } from "./simd";

/** Four halves, in the low 16 bits of each lane. Times 2¹¹² moves the exponent, and makes numbers of subnormals. */
// @ts-ignore: decorator
@inline
function wide(halves: v128): v128 {
  const size = i32x4.shl(v128.and(halves, i32x4.splat(0x7fff)), 13);
  const sign = i32x4.shl(v128.and(halves, i32x4.splat(0x8000)), 16);
  const special = i32x4.gt_u(size, i32x4.splat(0x0f7fffff));
  const value = f32x4.mul(size, f32x4.splat(5.192296858534828e33));
  return v128.or(v128.or(value, sign), v128.and(special, i32x4.splat(0x7f800000)));
}

/**
 * To the nearest half, ties to even. Normal: the exponent moved, and half of the last bit that stays, less one unless it is odd,
 * added before the cut; a carry into the exponent is right. Subnormal: ½ + x has its last bit where a subnormal half has it.
 */
// @ts-ignore: decorator
@inline
function narrow(x: v128): v128 {
  const size = v128.and(x, i32x4.splat(0x7fffffff));
  const sign = v128.and(i32x4.shr_u(x, 16), i32x4.splat(0x8000));
  const odd = v128.and(i32x4.shr_u(size, 13), i32x4.splat(1));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(size, i32x4.splat(0xc8000fff)), odd), 13);
  const tiny = i32x4.sub(f32x4.add(size, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  const special = v128.bitselect(i32x4.splat(0x7e00), i32x4.splat(0x7c00), i32x4.gt_s(size, i32x4.splat(0x7f800000)));
  const finite = v128.bitselect(tiny, normal, i32x4.lt_s(size, i32x4.splat(0x38800000)));
  return v128.or(v128.bitselect(finite, special, i32x4.lt_s(size, i32x4.splat(0x47800000))), sign);
}

/** Units of 8192 elements. args: to (f32), from (f16), elements. */
export function widen(args: usize, begin: i32, end: i32, _thread: i32): void {
  const last = <usize>min(end << 13, word(args, 2));
  const to = address(args, 0);
  const from = address(args, 1);
  for (let i = <usize>begin << 13; i < last; i += 8) {
    const eight = v128.load(from + (i << 1));
    v128.store(to + (i << 2), wide(i32x4.extend_low_i16x8_u(eight)));
    v128.store(to + (i << 2), wide(i32x4.extend_high_i16x8_u(eight)), 16);
  }
}

/** Units of 8192 elements. args: to (f16), from (f32), elements. */
export function round(args: usize, begin: i32, end: i32, _thread: i32): void {
  const last = <usize>min(end << 13, word(args, 2));
  const to = address(args, 0);
  const from = address(args, 1);
  for (let i = <usize>begin << 13; i < last; i += 8) {
    const low = narrow(v128.load(from + (i << 2)));
    const high = narrow(v128.load(from + (i << 2), 16));
    v128.store(to + (i << 1), i16x8.narrow_i32x4_u(low, high));
  }
}
