/**
 * Functions of one value, element by element. f32 and f16; `copy`, `neg`, `abs`, `sign`, `relu`, `square` also i32, `not` bool.
 * NaN in gives NaN out, save `isNaN`. `round` rounds halves to even (ONNX); `relu(−0)` may be either zero.
 */
import type { DType, TypedArray } from "../dtype.ts";
import { typedArray } from "../dtype.ts";
import { checkDTypes, checkTensor, toArithmetic, toFloat } from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import type { Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { div, lessEqual, mul, sub } from "./binary.ts";
import { select } from "./select.ts";

export type UnaryFn =
  | "copy"
  | "neg"
  | "abs"
  | "sign"
  | "reciprocal"
  | "square"
  | "sqrt"
  | "exp"
  | "log"
  | "log1p"
  | "expm1"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "relu"
  | "floor"
  | "ceil"
  | "round"
  | "not"
  | "isNaN";

export interface UnaryAttrs {
  readonly fn: UnaryFn;
}

const integerToo: readonly UnaryFn[] = ["copy", "neg", "abs", "sign", "square", "relu"];

export const unaryOp: Primitive<UnaryAttrs> = {
  kind: "primitive",
  name: "unary",
  pointwise: true,
  turn: (_, attrs) => attrs,
  infer([x], { fn }) {
    const { shape, dtype } = x!;
    const takes: readonly DType[] =
      fn === "copy"
        ? ["f32", "f16", "i32", "u8", "bool"]
        : fn === "not"
          ? ["bool"]
          : integerToo.includes(fn)
            ? ["f32", "f16", "i32"]
            : ["f32", "f16"];
    checkDTypes([x!], takes, fn);
    return { shape, dtype: fn === "isNaN" ? "bool" : dtype };
  },
  grad(y, dy): Gradients {
    const x = y.inputs[0]!;
    switch (y.attrs.fn) {
      case "copy":
        return [dy];
      case "neg":
        return [neg(dy)];
      case "abs":
        return [mul(dy, sign(x))];
      case "reciprocal":
        return [neg(mul(dy, square(y)))];
      case "square":
        return [mul(dy, mul(x, 2))];
      case "sqrt":
        return [div(dy, mul(y, 2))];
      case "exp":
        return [mul(dy, y)];
      case "log":
        return [div(dy, x)];
      case "log1p":
        return [div(dy, sub(x, -1))];
      case "expm1":
        return [mul(dy, sub(y, -1))];
      case "sin":
        return [mul(dy, cos(x))];
      case "cos":
        return [neg(mul(dy, sin(x)))];
      case "tanh":
        return [mul(dy, sub(1, square(y)))];
      case "sigmoid":
        return [mul(dy, mul(y, sub(1, y)))];
      case "erf":
        return [mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))];
      case "relu":
        // y ≤ 0 ? 0 : dy, not y > 0 ? dy : 0: a NaN must reach the weights, or nobody hears of it.
        return [select(lessEqual(y, 0), 0, dy)];
      default: // steps and tests: flat where they are differentiable
        return [undefined];
    }
  },
  value([x], { fn }, output): TypedArray {
    const out = typedArray(output.dtype, x!.length);
    const f = unaryFunction(fn, output.dtype);
    for (let i = 0; i < out.length; i++) out[i] = f(x![i]!);
    return out;
  },
};

/** The Taylor series near 0, the continued fraction of erfc beyond; 1e-15. */
function erfOf(x: number): number {
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

function roundEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

const meaning: Readonly<Record<UnaryFn, (x: number) => number>> = {
  copy: (x) => x,
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  reciprocal: (x) => 1 / x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf: erfOf,
  relu: (x) => (x <= 0 ? 0 : x),
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundEven,
  not: (x) => (x === 0 ? 1 : 0),
  isNaN: (x) => (Number.isNaN(x) ? 1 : 0),
};

/** The function of one number. Integers still have to wrap: a typed array's store, or `| 0`. */
export function unaryFunction(fn: UnaryFn, dtype: DType): (x: number) => number {
  return fn === "square" && dtype === "i32" ? (x) => Math.imul(x, x) : meaning[fn];
}

function apply<S extends Shape>(fn: UnaryFn, x: Tensor<S>): Tensor<S> {
  const given = checkTensor(x, fn, "x");
  const operand =
    fn === "copy" || fn === "not" ? given : integerToo.includes(fn) ? toArithmetic(given) : toFloat(given);
  return node(unaryOp, [operand], { fn }) as Tensor<S>;
}

/*
 * The public functions: any shape; integers (u8, bool) are taken as i32 where the function is one of integers, else as
 * f32. They throw TatamiError `argument` when x is no tensor.
 */

/** A value of its own with the same elements, any dtype. */
export const copy = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("copy", x);
/** −x. */
export const neg = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("neg", x);
/** |x|. */
export const abs = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("abs", x);
/** −1, 0 or 1. */
export const sign = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("sign", x);
/** 1/x. */
export const reciprocal = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("reciprocal", x);
/** x². */
export const square = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("square", x);
/** √x; NaN below 0. */
export const sqrt = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("sqrt", x);
/** eˣ. */
export const exp = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("exp", x);
/** The natural logarithm; −∞ at 0, NaN below. */
export const log = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("log", x);
/** log(1 + x), exact for small x. */
export const log1p = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("log1p", x);
/** eˣ − 1, exact for small x. */
export const expm1 = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("expm1", x);
/** Sine of x in radians. */
export const sin = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("sin", x);
/** Cosine of x in radians. */
export const cos = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("cos", x);
/** The hyperbolic tangent. */
export const tanh = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("tanh", x);
/** 1/(1 + e^(−x)). */
export const sigmoid = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("sigmoid", x);
/** The error function, 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("erf", x);
/** max(x, 0). */
export const relu = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("relu", x);
/** ⌊x⌋. */
export const floor = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("floor", x);
/** ⌈x⌉. */
export const ceil = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("ceil", x);
/** To the nearest whole number, halves to even. */
export const round = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("round", x);
/** Logical not of a bool tensor. @throws TatamiError `dtype`. */
export const not = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("not", x);
/** bool: true where x is NaN. */
export const isNaN = <S extends Shape>(x: Tensor<S>): Tensor<S> => apply("isNaN", x);
