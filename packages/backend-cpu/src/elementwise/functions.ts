/**
 * What the element-wise machine can do with registers: one loop per common function, and one shared loop that calls a
 * function for the dear ones. f32 results are rounded at each step, so a fused chain gives the bits that single steps give.
 */
import type { BinaryFn, DType, UnaryFn } from "@tatamijs/core/backend";
import { positive } from "../branchless.ts";
import { once } from "../once.ts";
import { registers } from "./registers.ts";

/** Register d ← f(a, b, c), `n` elements. Operands that f does not have are ignored. */
export type Instruction = (d: number, a: number, b: number, c: number, n: number) => void;

const { fround } = Math;

function roundEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** The Taylor series near 0, the continued fraction of erfc beyond; 1e-15. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  if (a < 2) {
    let term = a;
    let sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * sum * (2 / Math.sqrt(Math.PI));
  }
  let fraction = 0;
  for (let n = 30; n >= 1; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / (a + fraction) / Math.sqrt(Math.PI));
}

const calls: { readonly [F in UnaryFn]?: (x: number) => number } = {
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf,
  round: roundEven,
  not: (x) => (x === 0 ? 1 : 0),
  isNaN: (x) => (Number.isNaN(x) ? 1 : 0),
};

const calls2: { readonly [F in BinaryFn]?: (a: number, b: number) => number } = {
  pow: (a, b) => (a === 1 || b === 0 ? 1 : a ** b),
  mod: (a, b) => a - b * Math.floor(a / b),
  equal: (a, b) => (a === b ? 1 : 0),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const integerCalls: { readonly [F in UnaryFn | BinaryFn]?: (a: number, b: number) => number } = {
  neg: (a) => -a | 0,
  abs: (a) => Math.abs(a) | 0,
  square: (a) => Math.imul(a, a),
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  mul: Math.imul,
  div: (a, b) => (b === 0 ? 0 : (a / b) | 0),
  mod: (a, b) => (b === 0 ? 0 : ((a % b) + b) % b),
};

const loops = once(() => {
  const r = registers();
  const table: { readonly [F in UnaryFn | BinaryFn]?: Instruction } = {
    copy(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = r[a + i]!;
    },
    neg(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = -r[a + i]!;
    },
    abs(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = Math.abs(r[a + i]!);
    },
    reciprocal(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = fround(1 / r[a + i]!);
    },
    square(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) {
        const x = r[a + i]!;
        r[d + i] = fround(x * x);
      }
    },
    sqrt(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = fround(Math.sqrt(r[a + i]!));
    },
    floor(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = Math.floor(r[a + i]!);
    },
    ceil(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = Math.ceil(r[a + i]!);
    },
    relu(d, a, _b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = positive(r[a + i]!);
    },
    add(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = fround(r[a + i]! + r[b + i]!);
    },
    sub(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = fround(r[a + i]! - r[b + i]!);
    },
    mul(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = fround(r[a + i]! * r[b + i]!);
    },
    div(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = fround(r[a + i]! / r[b + i]!);
    },
    maximum(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = Math.max(r[a + i]!, r[b + i]!);
    },
    minimum(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = Math.min(r[a + i]!, r[b + i]!);
    },
    // Without a branch: see branchless.ts.
    less(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = +(r[a + i]! < r[b + i]!) | 0;
    },
    lessEqual(d, a, b, _c, n) {
      for (let i = 0; i < n; i++) r[d + i] = +(r[a + i]! <= r[b + i]!) | 0;
    },
  };
  const call =
    (f: (x: number) => number): Instruction =>
    (d, a, _b, _c, n) => {
      for (let i = 0; i < n; i++) r[d + i] = fround(f(r[a + i]!));
    };
  const call2 =
    (f: (a: number, b: number) => number): Instruction =>
    (d, a, b, _c, n) => {
      for (let i = 0; i < n; i++) r[d + i] = fround(f(r[a + i]!, r[b + i]!));
    };
  const callInteger =
    (f: (a: number, b: number) => number): Instruction =>
    (d, a, b, _c, n) => {
      for (let i = 0; i < n; i++) r[d + i] = f(r[a + i]!, r[b + i]!);
    };
  // A condition is 1 or 0, so its upper word says it; values are moved as words, without a branch.
  const words = new Int32Array(r.buffer);
  const select: Instruction = (d, a, b, c, n) => {
    for (let i = 0; i < 2 * n; i += 2) {
      const taken = -(words[2 * a + i + 1]! >>> 20) >> 31;
      const low = (words[2 * b + i]! & taken) | (words[2 * c + i]! & ~taken);
      const high = (words[2 * b + i + 1]! & taken) | (words[2 * c + i + 1]! & ~taken);
      words[2 * d + i] = low;
      words[2 * d + i + 1] = high;
    }
  };
  return { table, call, call2, callInteger, select };
});

/** The instruction of a unary or binary function on operands of `dtype`. */
export function instruction(fn: UnaryFn | BinaryFn, dtype: DType): Instruction {
  const { table, call, call2, callInteger } = loops();
  const integer = dtype === "i32" ? integerCalls[fn] : undefined;
  if (integer !== undefined) return callInteger(integer);
  const own = table[fn];
  if (own !== undefined) return own;
  const one = calls[fn as UnaryFn];
  return one === undefined ? call2(calls2[fn as BinaryFn]!) : call(one);
}

/** a ≠ 0 ? b : c */
export const selectInstruction = (): Instruction => loops().select;

/** To another element type; the port that saves it does what is left (rounding to f16, say). */
export function castInstruction(from: DType, to: DType): Instruction {
  const { table, call, callInteger } = loops();
  const exact = (f: (x: number) => number): Instruction => callInteger((x) => f(x));
  if (to === "bool") return exact((x) => (x === 0 ? 0 : 1));
  const clamp = (least: number, most: number): Instruction =>
    exact((x) => (Number.isNaN(x) ? 0 : Math.trunc(Math.min(Math.max(x, least), most))));
  if (to === "i32" && (from === "f32" || from === "f16")) return clamp(-(2 ** 31), 2 ** 31 - 1);
  if (to === "u8" && from !== "bool") return clamp(0, 255);
  return to === "f32" && from === "i32" ? call((x) => x) : table.copy!;
}
