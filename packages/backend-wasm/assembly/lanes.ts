// The first lanes of a vector: what is left at the end of a row, where nothing behind it may be touched.

/** `count` < 4 floats. */
// @ts-ignore: decorator
@inline
export function loadSome(from: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load_lane<i32>(from + 8, two, 2);
}

/** `count` < 4 floats. */
// @ts-ignore: decorator
@inline
export function storeSome(to: usize, values: v128, count: i32): void {
  if (count == 1) {
    v128.store_lane<i32>(to, values, 0);
    return;
  }
  v128.store_lane<i64>(to, values, 0);
  if (count == 3) v128.store_lane<i32>(to + 8, values, 2);
}
