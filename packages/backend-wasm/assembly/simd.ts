// What the four builds differ in. Each is chosen when the module is compiled, so nothing is asked at run time.

/** a · b + c: one rounding or two, as the machine likes, in the relaxed builds; two in the others. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Bytes of a vector, and of two: the width of a panel. */
// @ts-ignore: decorator
@inline
export const vector: usize = 16;
// @ts-ignore: decorator
@inline
export const panel: usize = 32;

/** The k-th 32-bit word of a kernel's arguments. */
// @ts-ignore: decorator
@inline
export function word(args: usize, k: i32): i32 {
  return load<i32>(args + (<usize>k << 2));
}
// @ts-ignore: decorator
@inline
export function address(args: usize, k: i32): usize {
  return load<u32>(args + (<usize>k << 2));
}
// @ts-ignore: decorator
@inline
export function number(args: usize, k: i32): f32 {
  return load<f32>(args + (<usize>k << 2));
}
