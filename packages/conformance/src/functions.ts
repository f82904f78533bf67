/**
 * Functions of one and two numbers in float64, and what a kernel may be off by, in units of 2⁻²⁴ (f16: 2⁻¹¹) of the result.
 *
 * The bounds are what a careful polynomial reaches in f32, not what a loose GPU built-in gives: 4 units are two ulps at worst.
 * `condition` adds what rounding inside cannot help: sin of a large angle, a power with a large exponent.
 */
import type { BinaryFn, UnaryFn } from "@tatamijs/core";

interface Unary {
  readonly f: (x: number) => number;
  /** Units of the result; absent: exact. */
  readonly units?: number;
  /** Further units, absolute. */
  readonly condition?: (x: number) => number;
}

/** e^(−x²)·2/√π·Σ 2ⁿ x²ⁿ⁺¹/(2n+1)!!: all terms positive, so nothing cancels. */
export function erf(x: number): number {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Halves to even. */
function nearest(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const low = Math.floor(x);
  const up = x - low > 0.5 || (x - low === 0.5 && low % 2 !== 0);
  return up ? low + 1 : low;
}

const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

export const unaryFunctions: Readonly<Record<UnaryFn, Unary>> = {
  copy: { f: (x) => x },
  neg: { f: (x) => 0 - x },
  abs: { f: (x) => (x < 0 ? -x : x) },
  sign: { f: (x) => (x > 0 ? 1 : x < 0 ? -1 : x) },
  reciprocal: { f: (x) => 1 / x, units: 5 },
  square: { f: (x) => x * x, units: 2 },
  sqrt: { f: (x) => Math.sqrt(x), units: 5 },
  exp: { f: (x) => Math.exp(x), units: 4, condition: (x) => Math.abs(x) * Math.exp(x) * 0.5 },
  log: { f: (x) => Math.log(x), units: 4, condition: () => 1 },
  log1p: { f: (x) => Math.log1p(x), units: 8 },
  expm1: { f: (x) => Math.expm1(x), units: 8, condition: (x) => Math.abs(x) * Math.exp(x) * 0.5 },
  sin: { f: (x) => Math.sin(x), units: 4, condition: (x) => 2 + Math.abs(x) },
  cos: { f: (x) => Math.cos(x), units: 4, condition: (x) => 2 + Math.abs(x) },
  tanh: { f: (x) => Math.tanh(x), units: 8 },
  sigmoid: { f: logistic, units: 8, condition: (x) => Math.abs(x) * logistic(x) * (1 - logistic(x)) },
  erf: { f: erf, units: 8 },
  relu: { f: (x) => (x > 0 ? x : Number.isNaN(x) ? x : 0) },
  floor: { f: (x) => Math.floor(x) },
  ceil: { f: (x) => Math.ceil(x) },
  round: { f: nearest },
  not: { f: (x) => (x === 0 ? 1 : 0) },
  isNaN: { f: (x) => (x === x ? 0 : 1) },
};

/** i32 wraps; only these take it. */
export const wrapped: { readonly [F in UnaryFn]?: (x: number) => number } = {
  copy: (x) => x,
  neg: (x) => (0 - x) | 0,
  abs: (x) => (x < 0 ? (0 - x) | 0 : x),
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  square: (x) => Number(BigInt.asIntN(32, BigInt(x) * BigInt(x))),
  relu: (x) => (x < 0 ? 0 : x),
};

interface Binary {
  readonly f: (a: number, b: number) => number;
  readonly units?: number;
  readonly condition?: (a: number, b: number) => number;
  /** Whole operands give a whole result. */
  readonly whole?: true;
}

const power = (a: number, b: number): number => (b === 0 || a === 1 ? 1 : Math.pow(a, b));

export const binaryFunctions: Readonly<Record<BinaryFn, Binary>> = {
  add: { f: (a, b) => a + b, units: 2, whole: true },
  sub: { f: (a, b) => a - b, units: 2, whole: true },
  mul: { f: (a, b) => a * b, units: 2, whole: true },
  div: { f: (a, b) => a / b, units: 5 },
  pow: {
    f: power,
    units: 8,
    condition: (a, b) => {
      const c = Math.abs(b * Math.log(Math.abs(a)) * power(a, b));
      return Number.isFinite(c) ? 2 * c : 0;
    },
  },
  mod: {
    f: (a, b) => a - b * Math.floor(a / b),
    units: 4,
    condition: (a, b) => 4 * (Math.abs(a) + Math.abs(b)),
    whole: true,
  },
  maximum: { f: (a, b) => (a !== a || b !== b ? NaN : a > b ? a : b) },
  minimum: { f: (a, b) => (a !== a || b !== b ? NaN : a < b ? a : b) },
  equal: { f: (a, b) => (a === b ? 1 : 0) },
  less: { f: (a, b) => (a < b ? 1 : 0) },
  lessEqual: { f: (a, b) => (a <= b ? 1 : 0) },
  and: { f: (a, b) => (a !== 0 && b !== 0 ? 1 : 0) },
  or: { f: (a, b) => (a !== 0 || b !== 0 ? 1 : 0) },
  xor: { f: (a, b) => ((a !== 0) !== (b !== 0) ? 1 : 0) },
};

const wrap = (x: bigint): number => Number(BigInt.asIntN(32, x));

/** i32: sums and products wrap, division truncates and by 0 gives 0, mod has the divisor's sign. */
export const wrappedPairs: { readonly [F in BinaryFn]?: (a: number, b: number) => number } = {
  add: (a, b) => wrap(BigInt(a) + BigInt(b)),
  sub: (a, b) => wrap(BigInt(a) - BigInt(b)),
  mul: (a, b) => wrap(BigInt(a) * BigInt(b)),
  div: (a, b) => (b === 0 ? 0 : wrap(BigInt(a) / BigInt(b))),
  mod: (a, b) => {
    if (b === 0) return 0;
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
};
