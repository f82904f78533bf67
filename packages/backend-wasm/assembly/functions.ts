// Functions of four f32 at once. Each reduces its argument to a small range and takes a polynomial there (coefficients of
// Cephes' single precision library, Moshier 1989, where none is derived); errors are about one unit in the last place.

import { exp, log, expm1Scaled } from "./exp";
import { madd } from "./simd";

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** log(1 + x) = log(u) · x/(u − 1) with u = 1 + x rounded: what rounding took from u, the factor gives back (Kahan). */
export function log1p(x: v128): v128 {
  const one = splat(1);
  const u = f32x4.add(one, x);
  const rest = f32x4.sub(u, one);
  const y = f32x4.mul(log(u), f32x4.div(x, rest));
  const tiny = f32x4.eq(rest, splat(0));
  // ∞/∞ is none.
  return v128.bitselect(x, v128.bitselect(u, y, f32x4.eq(u, splat(f32(Infinity)))), tiny);
}

export function expm1(x: v128): v128 {
  return v128.bitselect(f32x4.sub(exp(x), splat(1)), expm1Scaled(x), f32x4.gt(x, splat(80)));
}

/** 1/(1 + e^−x) */
export function sigmoid(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), exp(f32x4.neg(x))));
}

/** A polynomial near 0, 1 − 2/(e^2|x| + 1) beyond. */
export function tanh(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = madd(splat(-5.70498872745e-3), z, splat(2.06390887954e-2));
  p = madd(p, z, splat(-5.37397155531e-2));
  p = madd(p, z, splat(1.33314422036e-1));
  p = madd(p, z, splat(-3.33332819422e-1));
  p = madd(f32x4.mul(p, z), x, x);
  const size = f32x4.abs(x);
  const far = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(exp(f32x4.add(size, size)), splat(1))));
  const sign = v128.and(x, splat(-0.0));
  return v128.bitselect(p, v128.or(far, sign), f32x4.lt(size, splat(0.625)));
}

/** A polynomial up to 1; beyond, Abramowitz and Stegun 7.1.26. */
export function erf(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = madd(splat(7.853861353153693e-5), z, splat(-8.010193625184903e-4));
  p = madd(p, z, splat(5.188327685732524e-3));
  p = madd(p, z, splat(-2.685381193529856e-2));
  p = madd(p, z, splat(1.128358514861418e-1));
  p = madd(p, z, splat(-3.761262582423300e-1));
  p = madd(p, z, splat(1.128379165726710));
  p = f32x4.mul(p, x);
  const size = f32x4.abs(x);
  const t = f32x4.div(splat(1), madd(splat(0.3275911), size, splat(1)));
  let q = madd(splat(1.061405429), t, splat(-1.453152027));
  q = madd(q, t, splat(1.421413741));
  q = madd(q, t, splat(-0.284496736));
  q = madd(q, t, splat(0.254829592));
  const far = f32x4.sub(splat(1), f32x4.mul(f32x4.mul(q, t), exp(f32x4.neg(z))));
  const sign = v128.and(x, splat(-0.0));
  // Where x² is ∞, t is 0 and 0·0 is right; a NaN goes through the polynomial.
  const near = v128.or(f32x4.le(size, splat(1)), f32x4.ne(x, x));
  return v128.bitselect(p, v128.or(v128.bitselect(splat(1), far, f32x4.gt(size, splat(5))), sign), near);
}

/** sin(x + quarter·π/2). The argument is reduced in doubles: x is exact there, and n·π/2 is off by 2⁻⁵³ of itself. */
export function sine(x: v128, quarter: i32): v128 {
  const low = reduceAngle(f64x2.promote_low_f32x4(x));
  const n0 = quadrant;
  const high = reduceAngle(f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)));
  const n1 = quadrant;
  const r = i8x16.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const n = i32x4.add(i8x16.shuffle(n0, n1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), i32x4.splat(quarter));
  const z = f32x4.mul(r, r);
  let s = madd(splat(-1.9515295891e-4), z, splat(8.3321608736e-3));
  s = madd(s, z, splat(-1.6666654611e-1));
  s = madd(f32x4.mul(s, z), r, r);
  let c = madd(splat(2.443315711809948e-5), z, splat(-1.388731625493765e-3));
  c = madd(c, z, splat(4.166664568298827e-2));
  c = madd(f32x4.mul(c, z), z, madd(splat(-0.5), z, splat(1)));
  const odd = i32x4.eq(v128.and(n, i32x4.splat(1)), i32x4.splat(1));
  const negative = i32x4.shl(v128.and(n, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(c, s, odd), negative);
}

/** The second result of reduceAngle: which quarter of the circle, in the two low lanes. */
let quadrant: v128 = i32x4.splat(0);

function reduceAngle(x: v128): v128 {
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(0.63661977236758134308)));
  const turns = f64x2.floor(f64x2.mul(n, f64x2.splat(0.25)));
  quadrant = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(n, f64x2.mul(turns, f64x2.splat(4))));
  // π/2 in two parts.
  const r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(1.5707963267948966)));
  return f64x2.sub(r, f64x2.mul(n, f64x2.splat(6.123233995736766e-17)));
}

export function pow(a: v128, b: v128): v128 {
  let y = f32x4.splat(power(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
  y = f32x4.replace_lane(y, 1, power(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
  y = f32x4.replace_lane(y, 2, power(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
  return f32x4.replace_lane(y, 3, power(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
}

/** e^(b·log|a|) in doubles, for a relative error of b·log|a| is one of the result; signs and NaN as IEEE 754's pow. */
function power(a: f32, b: f32): f32 {
  if (b == 0 || a == 1) return 1;
  if (a != a || b != b) return f32(NaN);
  const size = exponential(<f64>b * logarithm(<f64>abs(a)));
  if (reinterpret<i32>(a) >= 0) return <f32>size;
  const whole = floor(b) == b;
  if (!whole) return a < 0 && a > -f32(Infinity) ? f32(NaN) : <f32>size;
  return <f32>(<f64>b - 2 * floor(<f64>b * 0.5) == 1 ? -size : size);
}

/** log m = 2 artanh s with s = (m − 1)/(m + 1), for m between √½ and √2. */
function logarithm(x: f64): f64 {
  if (x == 0) return -Infinity;
  if (x == Infinity) return x;
  let e = <i32>(reinterpret<i64>(x) >> 52) - 1023;
  let m = reinterpret<f64>((reinterpret<i64>(x) & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e++;
  }
  const s = (m - 1) / (m + 1), z = s * s;
  const sum = 1 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13 + z / 15))))));
  return 2 * s * sum + <f64>e * 0.69314718055994530942;
}

function exponential(x: f64): f64 {
  if (x != x) return x;
  if (x > 200) return Infinity;
  if (x < -200) return 0;
  const n = nearest(x * 1.4426950408889634074);
  const r = x - n * 0.69314718055994530942;
  const sum = 1 + r * (1 + r / 2 * (1 + r / 3 * (1 + r / 4 * (1 + r / 5 * (1 + r / 6 * (1 + r / 7 * (1 + r / 8 * (1 + r / 9))))))));
  return sum * reinterpret<f64>((<i64>n + 1023) << 52);
}

export function divI32(a: i32, b: i32): i32 {
  return b == 0 ? 0 : b == -1 ? -a : a / b;
}

export function modI32(a: i32, b: i32): i32 {
  if (b == 0 || b == -1) return 0;
  const rest = a % b;
  return rest != 0 && (rest ^ b) < 0 ? rest + b : rest;
}
