// e^x and log x of four f32 at once (coefficients of Cephes' single precision library, Moshier 1989).

import { madd } from "./simd";

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** e^r − 1 for |r| ≤ ½ log 2. */
// @ts-ignore: decorator
@inline
function small(r: v128): v128 {
  let p = madd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  p = madd(p, r, splat(8.3334519073e-3));
  p = madd(p, r, splat(4.1665795894e-2));
  p = madd(p, r, splat(1.6666665459e-1));
  p = madd(p, r, splat(5.0000001201e-1));
  return madd(f32x4.mul(p, r), r, r);
}

// @ts-ignore: decorator
@inline
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

// @ts-ignore: decorator
@inline
function reduce(x: v128, n: v128): v128 {
  // log 2 in two parts; the first has 9 bits, so its product with n is exact.
  return madd(n, splat(2.12194440e-4), madd(n, splat(-0.693359375), x));
}

/** x = n log 2 + r; 2ⁿ in two factors, for n may be beyond the exponents that a number has. */
export function exp(x: v128): v128 {
  const v = f32x4.pmin(f32x4.pmax(x, splat(-104)), splat(89));
  const n = f32x4.nearest(f32x4.mul(v, splat(1.44269504088896341)));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const y = f32x4.add(small(reduce(v, n)), splat(1));
  return f32x4.mul(f32x4.mul(y, power2(half)), power2(i32x4.sub(whole, half)));
}

/** 2ⁿ(e^r − 1) + (2ⁿ − 1), for x ≤ 80: nothing cancels near 0. */
export function expm1Scaled(x: v128): v128 {
  const v = f32x4.pmax(x, splat(-80));
  const n = f32x4.nearest(f32x4.mul(v, splat(1.44269504088896341)));
  const scale = power2(i32x4.trunc_sat_f32x4_s(n));
  return madd(scale, small(reduce(v, n)), f32x4.sub(scale, splat(1)));
}

/** x = 2ᵉ m with m between √½ and √2. */
export function log(x: v128): v128 {
  // Subnormals are made normal first.
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const v = v128.bitselect(f32x4.mul(x, splat(8388608)), x, tiny);
  let e = i32x4.sub(i32x4.shr_u(v, 23), v128.bitselect(i32x4.splat(149), i32x4.splat(126), tiny));
  let m = v128.or(v128.and(v, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, splat(0.70710678118654752440));
  // 2m − 1 where m is below √½, else m − 1.
  e = i32x4.add(e, low);
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), splat(1));
  const ef = f32x4.convert_i32x4_s(e);
  const z = f32x4.mul(m, m);
  let p = madd(splat(7.0376836292e-2), m, splat(-1.1514610310e-1));
  p = madd(p, m, splat(1.1676998740e-1));
  p = madd(p, m, splat(-1.2420140846e-1));
  p = madd(p, m, splat(1.4249322787e-1));
  p = madd(p, m, splat(-1.6668057665e-1));
  p = madd(p, m, splat(2.0000714765e-1));
  p = madd(p, m, splat(-2.4999993993e-1));
  p = madd(p, m, splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = madd(ef, splat(-2.12194440e-4), y);
  y = madd(z, splat(-0.5), y);
  y = madd(ef, splat(0.693359375), f32x4.add(m, y));
  // log 0 = −∞, of less none; ∞ and NaN are themselves.
  y = v128.bitselect(splat(-f32(Infinity)), y, f32x4.eq(x, splat(0)));
  y = v128.bitselect(splat(f32(NaN)), y, f32x4.lt(x, splat(0)));
  return v128.bitselect(y, x, f32x4.lt(x, splat(f32(Infinity))));
}
