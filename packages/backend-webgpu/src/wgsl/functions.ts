/**
 * Functions that WGSL has not, or not well enough: its exp, log, sin, cos, tanh and pow may be far off, and min, max and
 * comparisons may assume that there are no NaNs and infinities. Coefficients of Cephes' single precision library (Moshier, 1989).
 *
 * NaN is told by its bits. Constants that are no numbers go through `special`, since a constant expression may not be one.
 */

interface Fn {
  readonly code: string;
  readonly needs?: readonly string[];
}

const library: Readonly<Record<string, Fn>> = {
  special: { code: "fn special(word: u32) -> f32 { return bitcast<f32>(word); }" },
  isNan: { code: "fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }" },
  signOf: { code: "fn signOf(x: f32) -> f32 { return select(select(x, -1.0, x < 0.0), 1.0, x > 0.0); }" },
  positive: {
    code: "fn positive(x: f32) -> f32 { return select(select(0.0, x, isNan(x)), x, x > 0.0); }",
    needs: ["isNan"],
  },
  // Like the others, but for four and bounds that infinities leave open.
  bounded: {
    code: `fn bounded(x: vec4f, low: f32, high: f32) -> vec4f {
  let above = select(vec4f(low), x, x > vec4f(low));
  let within = select(vec4f(high), above, above < vec4f(high));
  return select(within, x, (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u));
}`,
  },
  // The same where comparisons with a NaN are known to be false.
  limited: {
    code: `fn limited(x: vec4f, low: f32, high: f32) -> vec4f {
  let above = select(x, vec4f(low), x < vec4f(low));
  return select(above, vec4f(high), above > vec4f(high));
}`,
  },
  root: {
    code: "fn root(x: f32) -> f32 { if (x < 0.0) { return special(0x7fc00000u); } return sqrt(x); }",
    needs: ["special"],
  },
  larger: {
    code: `fn larger(a: f32, b: f32) -> f32 {
  if (isNan(a)) { return a; }
  if (isNan(b)) { return b; }
  return select(b, a, a > b);
}`,
    needs: ["isNan"],
  },
  smaller: {
    code: `fn smaller(a: f32, b: f32) -> f32 {
  if (isNan(a)) { return a; }
  if (isNan(b)) { return b; }
  return select(b, a, a < b);
}`,
    needs: ["isNan"],
  },
  power2: { code: "fn power2(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }" },
  // e^r − 1 for |r| ≤ ½ log 2.
  small: {
    code: `fn small(r: f32) -> f32 {
  var p = fma(1.9875691500e-4, r, 1.3981999507e-3);
  p = fma(p, r, 8.3334519073e-3);
  p = fma(p, r, 4.1665795894e-2);
  p = fma(p, r, 1.6666665459e-1);
  p = fma(p, r, 5.0000001201e-1);
  return fma(p * r, r, r);
}`,
  },
  // x = n log 2 + r, log 2 in two parts; 2ⁿ in two factors, for n may be beyond the exponents that a number has. Compilers may join
  // two products with one factor, n (Mesa does), and so lose the second part: it is given an n of its own.
  exponential: {
    code: `fn exponential(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let v = clamp(x, -104.0, 89.0);
  let n = round(v * 1.44269504088896341);
  let whole = i32(n);
  let r = fma(f32(whole), 2.12194440e-4, fma(n, -0.693359375, v));
  let half = whole >> 1u;
  return (small(r) + 1.0) * power2(half) * power2(whole - half);
}`,
    needs: ["isNan", "small", "power2"],
  },
  // 2ⁿ(e^r − 1) + (2ⁿ − 1): nothing cancels near 0.
  expLess1: {
    code: `fn expLess1(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (x > 80.0) { return exponential(x) - 1.0; }
  let v = max(x, -80.0);
  let n = round(v * 1.44269504088896341);
  let whole = i32(n);
  let scale = power2(whole);
  return fma(scale, small(fma(f32(whole), 2.12194440e-4, fma(n, -0.693359375, v))), scale - 1.0);
}`,
    needs: ["isNan", "small", "power2", "exponential"],
  },
  // x = 2ᵉ m with m between √½ and √2. Subnormals, where they are no zeros, are made normal first.
  logarithm: {
    code: `fn logarithm(x: f32) -> f32 {
  let word = bitcast<u32>(x);
  if (isNan(x)) { return x; }
  if ((word & 0x7fffffffu) == 0u) { return special(0xff800000u); }
  if (word >= 0x80000000u) { return special(0x7fc00000u); }
  if (word == 0x7f800000u) { return x; }
  var e = i32(word >> 23u) - 126;
  var fraction = (word & 0x007fffffu);
  if (word < 0x00800000u) {
    let zeros = countLeadingZeros(word) - 8u;
    fraction = (word << zeros) & 0x007fffffu;
    e = -125 - i32(zeros);
  }
  var m = bitcast<f32>(fraction | 0x3f000000u);
  if (m < 0.70710678118654752440) {
    e -= 1;
    m += m;
  }
  m -= 1.0;
  let z = m * m;
  var p = fma(7.0376836292e-2, m, -1.1514610310e-1);
  p = fma(p, m, 1.1676998740e-1);
  p = fma(p, m, -1.2420140846e-1);
  p = fma(p, m, 1.4249322787e-1);
  p = fma(p, m, -1.6668057665e-1);
  p = fma(p, m, 2.0000714765e-1);
  p = fma(p, m, -2.4999993993e-1);
  p = fma(p, m, 3.3333331174e-1);
  let n = f32(e);
  var y = p * m * z;
  y = fma(n, -2.12194440e-4, y);
  y = fma(-0.5, z, y);
  return fma(n, 0.693359375, m + y);
}`,
    needs: ["isNan", "special"],
  },
  // log(1 + x) = log(u) · x/(u − 1), u = 1 + x rounded: what rounding took from u, the factor gives back (Kahan). The
  // difference u − 1 must be what was computed, so it goes through the bits.
  logOnePlus: {
    code: `fn logOnePlus(x: f32) -> f32 {
  let u1 = bitcast<f32>(bitcast<u32>(1.0 + x));
  let rest = u1 - 1.0;
  if (isNan(x) || abs(x) < 3e-8) { return x; }
  if (u1 > 3.0e38) { return u1; }
  if (abs(x) < 0.25) {
    // A series in s = x/(2 + x): log(1 + x) = 2 artanh s.
    let s = x / (2.0 + x);
    let z = s * s;
    return 2.0 * fma(s * z, fma(z, fma(z, fma(z, fma(z, 0.0909090909, 0.1111111111), 0.1428571429), 0.2), 0.3333333333), s);
  }
  return logarithm(u1) * select(x / rest, 1.0, rest == 0.0);
}`,
    needs: ["isNan", "logarithm"],
  },
  logistic: {
    code: "fn logistic(x: f32) -> f32 { return 1.0 / (1.0 + exponential(-x)); }",
    needs: ["exponential"],
  },
  silu: {
    code: `fn silu(x: f32) -> f32 { return x * logistic(x); }`,
    needs: ["logistic"],
  },
  // A polynomial near 0, 1 − 2/(e^2|x| + 1) beyond.
  hyperbolic: {
    code: `fn hyperbolic(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let size = abs(x);
  if (size < 0.625) {
    let z = x * x;
    var p = fma(-5.70498872745e-3, z, 2.06390887954e-2);
    p = fma(p, z, -5.37397155531e-2);
    p = fma(p, z, 1.33314422036e-1);
    p = fma(p, z, -3.33332819422e-1);
    return fma(p * z, x, x);
  }
  let far = 1.0 - 2.0 / (exponential(min(size, 40.0) * 2.0) + 1.0);
  return select(far, -far, x < 0.0);
}`,
    needs: ["isNan", "exponential"],
  },
  // A polynomial up to 1; beyond, Abramowitz and Stegun 7.1.26.
  errorFunction: {
    code: `fn errorFunction(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let size = abs(x);
  let z = x * x;
  if (size <= 1.0) {
    var p = fma(7.853861353153693e-5, z, -8.010193625184903e-4);
    p = fma(p, z, 5.188327685732524e-3);
    p = fma(p, z, -2.685381193529856e-2);
    p = fma(p, z, 1.128358514861418e-1);
    p = fma(p, z, -3.761262582423300e-1);
    p = fma(p, z, 1.128379165726710);
    return p * x;
  }
  if (size > 5.0) { return select(1.0, -1.0, x < 0.0); }
  let t = 1.0 / fma(0.3275911, size, 1.0);
  var q = fma(1.061405429, t, -1.453152027);
  q = fma(q, t, 1.421413741);
  q = fma(q, t, -0.284496736);
  q = fma(q, t, 0.254829592);
  let far = 1.0 - q * t * exponential(-z);
  return select(far, -far, x < 0.0);
}`,
    needs: ["isNan", "exponential"],
  },
  // sin(x + quarter·π/2); π/2 in three parts of few bits, so that their products with n are exact up to n = 2¹⁶.
  wave: {
    code: `fn wave(x: f32, quarter: i32) -> f32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) >= 0x7f800000u) { return special(0x7fc00000u); }
  let n = round(x * 0.63661977236758134308);
  var r = fma(n, -1.5703125, x);
  r = fma(n, -4.837512969970703125e-4, r);
  r = fma(n, -7.54978995489188216e-8, r);
  r = clamp(r, -1.0, 1.0);
  let q = (i32(n - 4.0 * floor(n * 0.25)) + quarter) & 3;
  let z = r * r;
  var y = fma(-1.9515295891e-4, z, 8.3321608736e-3);
  y = fma(y, z, -1.6666654611e-1);
  y = fma(y * z, r, r);
  if ((q & 1) == 1) {
    y = fma(2.443315711809948e-5, z, -1.388731625493765e-3);
    y = fma(y, z, 4.166664568298827e-2);
    y = fma(y * z, z, fma(-0.5, z, 1.0));
  }
  return select(y, -y, (q & 2) == 2);
}`,
    needs: ["special"],
  },
  // e^(b·log|a|), the logarithm and its product with b as sums of two numbers, for a relative error of b·log|a| is one of
  // the result (times its size); signs and NaN as IEEE 754's pow.
  power: {
    code: `fn high(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }
fn product(a: f32, b: f32) -> vec2f {
  let p = a * b;
  let ah = high(a);
  let al = a - ah;
  let bh = high(b);
  let bl = b - bh;
  return vec2f(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl);
}
fn power(a: f32, b: f32) -> f32 {
  if (b == 0.0 || a == 1.0) { return 1.0; }
  if (isNan(a) || isNan(b)) { return special(0x7fc00000u); }
  let negative = (bitcast<u32>(a) >> 31u) == 1u;
  let size = abs(a);
  let far = bitcast<u32>(size) >= 0x7f800000u;
  let endless = (bitcast<u32>(b) & 0x7fffffffu) >= 0x7f800000u;
  var y = 1.0;
  if (size == 0.0 || far || endless) {
    // 0, ∞ and −∞ only: up or down.
    let up = select(size > 1.0, far, size == 0.0 || far) == (b > 0.0);
    y = select(0.0, special(0x7f800000u), up);
    if (endless && size == 1.0) { y = 1.0; }
  } else {
    let word = bitcast<u32>(size);
    var e = i32(word >> 23u) - 127;
    var m = bitcast<f32>((word & 0x007fffffu) | 0x3f800000u);
    if (m > 1.4142135) { m *= 0.5; e += 1; }
    // log m = 2 artanh s, s = (m − 1)/(m + 1) with what the division leaves.
    let f = m - 1.0;
    let g = m + 1.0;
    let gl = m - (g - 1.0);
    let s = f / g;
    let sg = product(s, g);
    let sl = ((f - sg.x) - sg.y - s * gl) / g;
    let z = s * s;
    let tail = s * z * fma(z, fma(z, fma(z, fma(z, 0.181818182, 0.222222222), 0.285714286), 0.4), 0.6666666667);
    let n = f32(e);
    // log 2 in two parts: the first has 16 bits, so its product with n is exact.
    let h1 = n * 0.693145751953125;
    let h2 = 2.0 * s;
    let sum = h1 + h2;
    let left = h2 - (sum - h1);
    let low = left + (2.0 * sl + tail + n * 1.42860682030941723212e-6);
    let t = sum + low;
    let tl = low - (t - sum);
    let p = product(t, b);
    let first = p.x;
    let rest = p.y + tl * b;
    if (first > 90.0) { y = special(0x7f800000u); }
    else if (first < -105.0) { y = 0.0; }
    else { let big = exponential(first); y = fma(big, rest, big); if (bitcast<u32>(big) == 0x7f800000u) { y = big; } }
  }
  if (!negative) { return y; }
  let whole = floor(b) == b || endless;
  if (!whole) {
    if (size == 0.0 || far) { return y; }
    return special(0x7fc00000u);
  }
  let odd = !endless && abs(b) < 16777216.0 && b - 2.0 * floor(b * 0.5) == 1.0;
  return select(y, -y, odd);
}`,
    needs: ["isNan", "special", "exponential"],
  },
  modulo: { code: "fn modulo(a: f32, b: f32) -> f32 { return a - b * floor(a / b); }" },
  divided: {
    code: `fn divided(a: i32, b: i32) -> i32 {
  if (b == 0) { return 0; }
  if (b == -1) { return -a; }
  return a / b;
}`,
  },
  moduloWhole: {
    code: `fn moduloWhole(a: i32, b: i32) -> i32 {
  if (b == 0 || b == -1) { return 0; }
  let rest = a % b;
  return select(rest, rest + b, rest != 0 && ((rest ^ b) < 0));
}`,
  },
  toWhole: {
    code: `fn toWhole(x: f32) -> i32 {
  if (isNan(x)) { return 0; }
  if (x >= 2147483648.0) { return 2147483647; }
  return i32(max(x, -2147483648.0));
}`,
    needs: ["isNan"],
  },
};

/** The text of `names` and of all that they need, each once. */
export function functionsFor(names: readonly string[]): string {
  const texts = new Map<string, string>();
  const add = (name: string): void => {
    if (texts.has(name)) return;
    const { code, needs = [] } = library[name]!;
    for (const other of needs) add(other);
    texts.set(name, code);
  };
  for (const name of names) add(name);
  return [...texts.values()].join("\n");
}
