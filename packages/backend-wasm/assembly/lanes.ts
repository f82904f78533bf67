// The first lanes of a vector, 1 to 3: what is left at the end of a row, where nothing behind it may be touched.

/** The first `count` floats, and zeros. */
// @ts-ignore: decorator
@inline
export function loadFew(from: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load32_lane(from, two, 2, 8);
}

export function storeFew(to: usize, values: v128, count: i32): void {
  v128.store32_lane(to, values, 0);
  if (count > 1) v128.store32_lane(to, values, 1, 4);
  if (count > 2) v128.store32_lane(to, values, 2, 8);
}
