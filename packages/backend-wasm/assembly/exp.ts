// eˣ and log x of four lanes at once, after Cephes (expf, logf): the argument is brought near 0 or 1, where a short
// polynomial is good to a unit in the last place, and what was taken off goes back as an exponent.

import { madd } from "./simd";

// ln 2 = high + low: high has nine bits, so its product with a whole number of up to eight bits is exact.
// @ts-ignore: decorator
@inline
const high: f32 = 0.693359375;
// @ts-ignore: decorator
@inline
const low: f32 = -2.12194440e-4;

/**
 * eˣ = 2ⁿ · eʳ, n = ⌊x · log₂ e⌉, r = x − n · ln 2, |r| ≤ ln 2 / 2; eʳ = 1 + r + r² · P(r). Within 2 units. NaN stays; the ends
 * are ∞ and 0, by way of the subnormals.
 *
 * 2ⁿ would not be held at both ends (n = 128; n < −126), so it is multiplied in halves, of which the first is exact.
 */
export function exp(given: v128): v128 {
  // Beyond these the answer is ∞ or 0 already. min and max let NaN through.
  const x = f32x4.max(f32x4.min(given, f32x4.splat(89)), f32x4.splat(-104));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  const r = madd(n, f32x4.splat(-low), madd(n, f32x4.splat(-high), x));
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  const y = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(y, power(half)), power(i32x4.sub(whole, half)));
}

/** 2ⁿ for whole n from −126 to 127. */
// @ts-ignore: decorator
@inline
function power(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * log x = e · ln 2 + log m, x = m · 2ᵉ, √½ ≤ m < √2; log(1 + f) = f − f²/2 + f³ · P(f). Within 2 units. 0: −∞, below: NaN.
 *
 * e: as whole numbers, the bits of a positive x are 2²³ · (exponent) + (fraction); less those of √½ they are e · 2²³ and
 * something below 2²³. A subnormal is multiplied by 2²³ first.
 */
export function log(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const bits = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const whole = i32x4.shr_s(i32x4.sub(bits, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(bits, i32x4.shl(whole, 23)), f32x4.splat(1));
  const e = f32x4.convert_i32x4_s(i32x4.sub(whole, v128.and(tiny, i32x4.splat(23))));
  const z = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = madd(p, f, f32x4.splat(-1.1514610310e-1));
  p = madd(p, f, f32x4.splat(1.1676998740e-1));
  p = madd(p, f, f32x4.splat(-1.2420140846e-1));
  p = madd(p, f, f32x4.splat(1.4249322787e-1));
  p = madd(p, f, f32x4.splat(-1.6668057665e-1));
  p = madd(p, f, f32x4.splat(2.0000714765e-1));
  p = madd(p, f, f32x4.splat(-2.4999993993e-1));
  p = madd(p, f, f32x4.splat(3.3333331174e-1));
  // The small parts come first.
  let y = madd(e, f32x4.splat(low), f32x4.mul(p, f32x4.mul(f, z)));
  y = f32x4.add(f, madd(z, f32x4.splat(-0.5), y));
  y = madd(e, f32x4.splat(high), y);
  // What has no such parts: ∞ and NaN are their own, 0 (of either sign) is −∞, all below NaN.
  y = v128.bitselect(y, x, f32x4.lt(x, f32x4.splat(Infinity)));
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(NaN), y, f32x4.lt(x, f32x4.splat(0)));
}
