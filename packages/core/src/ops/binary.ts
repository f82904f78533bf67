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
  return node(binaryOp, meet(lift(a), lift(b), op, names), { fn });
}

/*
 * The public functions. Operands are tensors (NumPy's broadcasting, promotion as in `promote`) or a tensor and a number,
 * which takes the tensor's dtype (a fraction beside integers: f32).
 */

/** a + b. @throws TatamiError `shape`, `dtype`, `argument`, as all functions of two operands. */
export const add = (a: TensorLike, b: TensorLike): Tensor => apply("add", a, b);
/** a − b. @throws TatamiError as `add`. */
export const sub = (a: TensorLike, b: TensorLike): Tensor => apply("sub", a, b);
/** a·b, element by element. @throws TatamiError as `add`. */
export const mul = (a: TensorLike, b: TensorLike): Tensor => apply("mul", a, b);
/** a/b; of integers the quotient truncated toward zero, and 0 where b = 0. @throws TatamiError as `add`. */
export const div = (a: TensorLike, b: TensorLike): Tensor => apply("div", a, b);
/** aᵇ in f32 or f16; 1 where b = 0 or a = 1, NaN for a negative base and a fraction. @throws TatamiError as `add`. */
export const pow = (a: TensorLike, b: TensorLike): Tensor => apply("pow", a, b);
/** a − b·⌊a/b⌋: the sign is the divisor's; of integers 0 where b = 0. @throws TatamiError as `add`. */
export const mod = (a: TensorLike, b: TensorLike): Tensor => apply("mod", a, b);
/** The larger, NaN where either is. The gradient of a tie goes to a. @throws TatamiError as `add`. */
export const maximum = (a: TensorLike, b: TensorLike): Tensor => apply("maximum", a, b);
/** The smaller, NaN where either is. The gradient of a tie goes to a. @throws TatamiError as `add`. */
export const minimum = (a: TensorLike, b: TensorLike): Tensor => apply("minimum", a, b);
/** bool: a = b; false where either is NaN. @throws TatamiError as `add`. */
export const equal = (a: TensorLike, b: TensorLike): Tensor => apply("equal", a, b);
/** bool: a ≠ b; true where either is NaN. @throws TatamiError as `add`. */
export const notEqual = (a: TensorLike, b: TensorLike): Tensor => not(equal(a, b));
/** bool: a < b. @throws TatamiError as `add`. */
export const less = (a: TensorLike, b: TensorLike): Tensor => apply("less", a, b);
/** bool: a ≤ b. @throws TatamiError as `add`. */
export const lessEqual = (a: TensorLike, b: TensorLike): Tensor => apply("lessEqual", a, b);
/** bool: a > b. @throws TatamiError as `add`. */
export const greater = (a: TensorLike, b: TensorLike): Tensor => apply("less", b, a, "greater", ["b", "a"]);
/** bool: a ≥ b. @throws TatamiError as `add`. */
export const greaterEqual = (a: TensorLike, b: TensorLike): Tensor =>
  apply("lessEqual", b, a, "greaterEqual", ["b", "a"]);
/** bool: a ∧ b, both bool. @throws TatamiError as `add`. */
export const and = (a: TensorLike, b: TensorLike): Tensor => apply("and", a, b);
/** bool: a ∨ b, both bool. @throws TatamiError as `add`. */
export const or = (a: TensorLike, b: TensorLike): Tensor => apply("or", a, b);
/** bool: a ≠ b, both bool. @throws TatamiError as `add`. */
export const xor = (a: TensorLike, b: TensorLike): Tensor => apply("xor", a, b);
