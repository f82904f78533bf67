/** Element-wise functions as WGSL expressions. Floats are computed in f32; i32, u8 and bool in i32, bool as 1 and 0. */
import type { BinaryFn, DType, MapStep, UnaryFn } from "@tatamijs/core/backend";
import { valueOf } from "../values.ts";

export interface Expression {
  readonly text: string;
  /** Functions of wgsl/functions.ts that it calls. */
  readonly uses: readonly string[];
  readonly dtype: DType;
}

interface Said {
  readonly text: string;
  readonly uses?: readonly string[];
}

const call = (name: string, ...operands: readonly string[]): Said => ({
  text: `${name}(${operands.join(", ")})`,
  uses: [name],
});

function unaryFloat(fn: UnaryFn, x: string): Said {
  switch (fn) {
    case "copy":
      return { text: x };
    case "neg":
      return { text: `-${x}` };
    case "abs":
      return { text: `abs(${x})` };
    case "sign":
      return call("signOf", x);
    case "reciprocal":
      return { text: `1.0 / ${x}` };
    case "square":
      return { text: `${x} * ${x}` };
    case "sqrt":
      return call("root", x);
    case "exp":
      return call("exponential", x);
    case "log":
      return call("logarithm", x);
    case "log1p":
      return call("logOnePlus", x);
    case "expm1":
      return call("expLess1", x);
    case "sin":
      return { text: `wave(${x}, 0)`, uses: ["wave"] };
    case "cos":
      return { text: `wave(${x}, 1)`, uses: ["wave"] };
    case "tanh":
      return call("hyperbolic", x);
    case "sigmoid":
      return call("logistic", x);
    case "erf":
      return call("errorFunction", x);
    case "relu":
      return call("positive", x);
    case "floor":
    case "ceil":
    case "round":
      return { text: `${fn}(${x})` };
    case "not":
      return { text: `i32(${x} == 0.0)` };
    case "isNaN":
      return { text: `i32(isNan(${x}))`, uses: ["isNan"] };
  }
}

function unaryWhole(fn: UnaryFn, x: string): Said {
  switch (fn) {
    case "abs":
    case "sign":
      return { text: `${fn}(${x})` };
    case "square":
      return { text: `${x} * ${x}` };
    case "neg":
      return { text: `-${x}` };
    case "relu":
      return { text: `max(${x}, 0)` };
    case "not":
      return { text: `i32(${x} == 0)` };
    case "isNaN":
      return { text: "0" };
    default:
      return { text: x };
  }
}

const operators: { readonly [F in BinaryFn]?: string } = { add: "+", sub: "-", mul: "*", div: "/" };
const comparisons: { readonly [F in BinaryFn]?: string } = { equal: "==", less: "<", lessEqual: "<=" };
const logic: { readonly [F in BinaryFn]?: string } = { and: "&", or: "|", xor: "^" };

function binary(fn: BinaryFn, dtype: DType, a: string, b: string): Said {
  const float = valueOf(dtype) === "f32";
  if (comparisons[fn] !== undefined) return { text: `i32(${a} ${comparisons[fn]} ${b})` };
  if (logic[fn] !== undefined) return { text: `${a} ${logic[fn]} ${b}` };
  if (!float && fn === "div") return call("divided", a, b);
  if (operators[fn] !== undefined) return { text: `${a} ${operators[fn]} ${b}` };
  if (fn === "pow") return call("power", a, b);
  if (fn === "mod") return call(float ? "modulo" : "moduloWhole", a, b);
  const larger = fn === "maximum";
  if (float) return call(larger ? "larger" : "smaller", a, b);
  return { text: `${larger ? "max" : "min"}(${a}, ${b})` };
}

function cast(from: DType, to: DType, x: string): Said {
  const float = valueOf(from) === "f32";
  switch (to) {
    case "f32":
      return { text: float ? x : `f32(${x})` };
    case "f16":
      return { text: `f32(f16(${float ? x : `f32(${x})`}))` };
    case "i32":
      return float ? call("toWhole", x) : { text: x };
    case "u8":
      return float ? { text: `clamp(toWhole(${x}), 0, 255)`, uses: ["toWhole"] } : { text: `clamp(${x}, 0, 255)` };
    case "bool":
      return { text: float ? `i32(!(${x} == 0.0))` : `i32(${x} != 0)` };
  }
}

const tests: readonly string[] = ["isNaN", "not", "equal", "less", "lessEqual", "and", "or", "xor"];

/** What a step makes of the values named `operands`, whose types are `from`. */
export function expression(step: MapStep, from: readonly DType[], operands: readonly string[]): Expression {
  const [a = "", b = "", c = ""] = operands;
  const said = ((): Said => {
    switch (step.op) {
      case "select":
        return { text: `select(${c}, ${b}, ${a} != 0)` };
      case "cast":
        return cast(from[0]!, step.attrs.dtype, a);
      case "unary":
        return valueOf(from[0]!) === "f32" ? unaryFloat(step.attrs.fn, a) : unaryWhole(step.attrs.fn, a);
      case "binary":
        return binary(step.attrs.fn, from[0]!, a, b);
    }
  })();
  return { text: said.text, uses: said.uses ?? [], dtype: typeOf(step, from) };
}

function typeOf(step: MapStep, from: readonly DType[]): DType {
  if (step.op === "select") return from[1]!;
  if (step.op === "cast") return step.attrs.dtype;
  return tests.includes(step.attrs.fn) ? "bool" : from[0]!;
}
