/**
 * What the element-wise machine can do with registers: one loop per common function, and one shared loop that calls a
 * function for the dear ones. f32 results are rounded at each step, so a fused chain gives the bits that single steps give.
 */
import {
  binaryFunction,
  castFunction,
  unaryFunction,
  type BinaryFn,
  type DType,
  type UnaryFn,
} from "@tatamijs/core/backend";
import { positive } from "../branchless.ts";
import { once } from "../once.ts";
import { registers } from "./registers.ts";

/** Register d ← f(a, b, c), `n` elements. Operands that f does not have are ignored. */
export type Instruction = (d: number, a: number, b: number, c: number, n: number) => void;

const { fround } = Math;

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
      for (let i = 0; i < n; i++) r[d + i] = f(r[a + i]!, r[b + i]!) | 0;
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

/** The instruction of a unary function on operands of `dtype`. */
export function unaryInstruction(fn: UnaryFn, dtype: DType): Instruction {
  const { table, call, callInteger } = loops();
  const f = unaryFunction(fn, dtype);
  return dtype === "i32" ? callInteger(f) : (table[fn] ?? call(f));
}

/** The instruction of a binary function on operands of `dtype`. */
export function binaryInstruction(fn: BinaryFn, dtype: DType): Instruction {
  const { table, call2, callInteger } = loops();
  const f = binaryFunction(fn, dtype);
  return dtype === "i32" ? callInteger(f) : (table[fn] ?? call2(f));
}

/** a ≠ 0 ? b : c */
export const selectInstruction = (): Instruction => loops().select;

/** To another element type; the port that saves it does what is left (rounding to f16, say). */
export function castInstruction(from: DType, to: DType): Instruction {
  const { table, call, callInteger } = loops();
  const whole = from === "i32" || from === "u8" || from === "bool";
  if (to === "bool" || to === "u8" || (to === "i32" && !whole)) return callInteger(castFunction(to));
  return to === "f32" && from === "i32" ? call((x) => x) : table.copy!;
}
