/**
 * Functions of two values, element by element, broadcast inside (an explicit `broadcast` for each bias would cost an
 * activation's worth of memory). Arithmetic in f32, f16, i32; comparisons give bool; `and`, `or`, `xor` take bool.
 *
 * i32: sums and products wrap, division truncates and by zero gives 0, `mod` has the divisor's sign.
 * `maximum` and `minimum` give NaN when either is NaN. `pow` is f32 or f16.
 */
import { typedArray, type DType, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import { checkDTypes, meet, type TensorLike, toArithmetic, toFloat } from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import type { Broadcasting } from "../shapes/broadcasting.ts";
import { isTensor, node, type Tensor } from "../tensor.ts";
import { elementsOf } from "./elements.ts";
import { sumTo } from "./reduce.ts";
import { select } from "./select.ts";
import { floor, log, neg, not, reciprocal } from "./unary.ts";

export type BinaryFn =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "mod"
  | "maximum"
  | "minimum"
  | "equal"
  | "less"
  | "lessEqual"
  | "and"
  | "or"
  | "xor";

export interface BinaryAttrs {
  readonly fn: BinaryFn;
}

const logical: readonly BinaryFn[] = ["and", "or", "xor"];
const comparison: readonly BinaryFn[] = ["equal", "less", "lessEqual"];

export const binaryOp: Primitive<BinaryAttrs> = {
  kind: "primitive",
  name: "binary",
  pointwise: true,
  turn: (_, attrs) => attrs,
  infer([a, b], { fn }) {
    const takes: readonly DType[] = logical.includes(fn)
      ? ["bool"]
      : fn === "pow"
        ? ["f32", "f16"]
        : ["f32", "f16", "i32"];
    checkDTypes([a!, b!], takes, fn);
    if (a!.shape.length !== b!.shape.length) {
      throw new TatamiError(
        "rank",
        `operands have ${a!.shape.length} and ${b!.shape.length} axes, wanted one rank; reshape one`,
        { op: fn },
      );
    }
    const bool = comparison.includes(fn) || logical.includes(fn);
    return { shape: broadcastShapes(a!.shape, b!.shape, fn), dtype: bool ? "bool" : a!.dtype };
  },
  grad(y, dy): Gradients {
    const [a, b] = y.inputs as [Tensor, Tensor];
    const both = (da: Tensor, db: Tensor): Gradients => [sumTo(da, a.shape), sumTo(db, b.shape)];
    switch (y.attrs.fn) {
      case "add":
        return both(dy, dy);
      case "sub":
        return both(dy, neg(dy));
      case "mul":
        return both(mul(dy, b), mul(dy, a));
      case "div":
        return both(div(dy, b), neg(div(mul(dy, y), b)));
      case "pow": {
        // b·a^(b − 1) is 0 where b = 0, though a = 0 makes it 0·∞; y·log a is 0 where a = 0 and b ≥ 0, though it reads 0·(−∞).
        const da = select(equal(b, 0), 0, mul(b, pow(a, sub(b, 1))));
        const db = select(and(equal(a, 0), lessEqual(0, b)), 0, mul(y, log(a)));
        return both(mul(dy, da), mul(dy, db));
      }
      case "mod":
        return both(dy, neg(mul(dy, floor(div(a, b)))));
      case "maximum":
        return both(select(less(a, b), 0, dy), select(less(a, b), dy, 0));
      case "minimum":
        return both(select(less(b, a), 0, dy), select(less(b, a), dy, 0));
      default:
        return [undefined, undefined];
    }
  },
  affine(y, operand) {
    const other = y.inputs[1 - operand]!;
    const { fn } = y.attrs;
    if (fn === "add") return { shift: other };
    if (fn === "mul") return { scale: other };
    if (operand === 1) return undefined;
    return fn === "sub" ? { shift: neg(other) } : fn === "div" ? { scale: reciprocal(other) } : undefined;
  },
  neutral: ({ fn }, operand) => neutral[fn]?.[operand],
  value([a, b], { fn }, output, [sa, sb]): TypedArray {
    const out = typedArray(
      output.dtype,
      output.shape.reduce((n, d) => n * d, 1),
    );
    const f = binaryFunction(fn, sa!.dtype);
    const at = elementsOf(output.shape, sa!.shape);
    const bt = elementsOf(output.shape, sb!.shape);
    for (let i = 0; i < out.length; i++) out[i] = f(a![at()]!, b![bt()]!);
    return out;
  },
};

/** What the other operand must be for the first, for the second to come out as it is. */
const neutral: { readonly [F in BinaryFn]?: readonly number[] } = {
  add: [0, 0],
  sub: [0],
  mul: [1, 1],
  div: [1],
  pow: [1],
  maximum: [-Infinity, -Infinity],
  minimum: [Infinity, Infinity],
  and: [1, 1],
  or: [0, 0],
  xor: [0, 0],
};

const meaning: Readonly<Record<BinaryFn, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => (a === 1 || b === 0 ? 1 : a ** b),
  mod: (a, b) => a - b * Math.floor(a / b),
  maximum: Math.max,
  minimum: Math.min,
  equal: (a, b) => Number(a === b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const integerMeaning: { readonly [F in BinaryFn]?: (a: number, b: number) => number } = {
  mul: Math.imul,
  div: (a, b) => (b === 0 ? 0 : (a / b) | 0),
  mod: (a, b) => (b === 0 ? 0 : ((a % b) + b) % b),
};

/** The function of two numbers of `dtype`. Integers still have to wrap: a typed array's store, or `| 0`. */
export function binaryFunction(fn: BinaryFn, dtype: DType): (a: number, b: number) => number {
  return (dtype === "i32" ? integerMeaning[fn] : undefined) ?? meaning[fn];
}

function apply(
  fn: BinaryFn,
  a: TensorLike,
  b: TensorLike,
  op: string = fn,
  names: readonly [string, string] = ["a", "b"],
): Tensor {
  const lift = (v: TensorLike): TensorLike =>
    !isTensor(v) || logical.includes(fn) ? v : fn === "pow" ? toFloat(v) : toArithmetic(v);
  const operands = meet(lift(a), lift(b), op, names);
  // Of the shapes as they are given; axes of 1 come after.
  const [p, q] = names[0] === "a" ? [a, b] : [b, a];
  if (isTensor(p) && isTensor(q)) broadcastShapes(p.shape, q.shape, op);
  return node(binaryOp, operands, { fn });
}

/*
 * The public functions. Operands are tensors (NumPy's broadcasting, promotion as in `promote`) or a tensor and a number,
 * which takes the tensor's dtype (a fraction beside integers: f32).
 */

/** a + b. @throws TatamiError `shape`, `dtype`, `argument`, as all functions of two operands. */
export const add: Broadcasting<"add"> = (a, b) => apply("add", a, b) as never;
/** a − b. @throws TatamiError as `add`. */
export const sub: Broadcasting<"sub"> = (a, b) => apply("sub", a, b) as never;
/** a·b, element by element. @throws TatamiError as `add`. */
export const mul: Broadcasting<"mul"> = (a, b) => apply("mul", a, b) as never;
/** a/b; of integers the quotient truncated toward zero, and 0 where b = 0. @throws TatamiError as `add`. */
export const div: Broadcasting<"div"> = (a, b) => apply("div", a, b) as never;
/** aᵇ in f32 or f16; 1 where b = 0 or a = 1, NaN for a negative base and a fraction. @throws TatamiError as `add`. */
export const pow: Broadcasting<"pow"> = (a, b) => apply("pow", a, b) as never;
/** a − b·⌊a/b⌋: the sign is the divisor's; of integers 0 where b = 0. @throws TatamiError as `add`. */
export const mod: Broadcasting<"mod"> = (a, b) => apply("mod", a, b) as never;
/** The larger, NaN where either is. The gradient of a tie goes to a. @throws TatamiError as `add`. */
export const maximum: Broadcasting<"maximum"> = (a, b) => apply("maximum", a, b) as never;
/** The smaller, NaN where either is. The gradient of a tie goes to a. @throws TatamiError as `add`. */
export const minimum: Broadcasting<"minimum"> = (a, b) => apply("minimum", a, b) as never;
/** bool: a = b; false where either is NaN. @throws TatamiError as `add`. */
export const equal: Broadcasting<"equal"> = (a, b) => apply("equal", a, b) as never;
/** bool: a ≠ b; true where either is NaN. @throws TatamiError as `add`. */
export const notEqual: Broadcasting<"notEqual"> = (a, b) => not(apply("equal", a, b, "notEqual")) as never;
/** bool: a < b. @throws TatamiError as `add`. */
export const less: Broadcasting<"less"> = (a, b) => apply("less", a, b) as never;
/** bool: a ≤ b. @throws TatamiError as `add`. */
export const lessEqual: Broadcasting<"lessEqual"> = (a, b) => apply("lessEqual", a, b) as never;
/** bool: a > b. @throws TatamiError as `add`. */
export const greater: Broadcasting<"greater"> = (a, b) => apply("less", b, a, "greater", ["b", "a"]) as never;
/** bool: a ≥ b. @throws TatamiError as `add`. */
export const greaterEqual: Broadcasting<"greaterEqual"> = (a, b) =>
  apply("lessEqual", b, a, "greaterEqual", ["b", "a"]) as never;
/** bool: a ∧ b, both bool. @throws TatamiError as `add`. */
export const and: Broadcasting<"and"> = (a, b) => apply("and", a, b) as never;
/** bool: a ∨ b, both bool. @throws TatamiError as `add`. */
export const or: Broadcasting<"or"> = (a, b) => apply("or", a, b) as never;
/** bool: a ≠ b, both bool. @throws TatamiError as `add`. */
export const xor: Broadcasting<"xor"> = (a, b) => apply("xor", a, b) as never;
