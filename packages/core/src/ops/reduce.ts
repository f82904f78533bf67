/**
 * Reductions. The primitive keeps its axes (size 1); the public functions drop them unless `keepDims`.
 * f32, f16, i32 (`mean`: floats). max and min: NaN is sticky. Sums are the backend's in order and width, within the kit's bound.
 */
import { isFloat, typedArray, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import {
  checkBoolean,
  checkDTypes,
  checkOptions,
  checkTensor,
  floatTypes,
  numberTypes,
  toArithmetic,
  toFloat,
} from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import { normalizeAxes, sizeOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { div, equal, mul } from "./binary.ts";
import { broadcast } from "./broadcast.ts";
import { cast } from "./cast.ts";
import { elementsOf } from "./elements.ts";
import { reshape } from "./reshape.ts";
import { select } from "./select.ts";

export type ReduceFn = "sum" | "mean" | "max" | "min" | "prod";

export interface ReduceAttrs {
  readonly fn: ReduceFn;
  /** Ascending. */
  readonly axes: readonly number[];
}

export const reduceOp: Primitive<ReduceAttrs> = {
  kind: "primitive",
  name: "reduce",
  turn: (perm, { fn, axes }) => ({ fn, axes: axes.map((axis) => perm.indexOf(axis)).sort((a, b) => a - b) }),
  infer([x], { fn, axes }) {
    checkDTypes([x!], fn === "mean" ? floatTypes : numberTypes, fn);
    if (fn !== "sum" && fn !== "prod" && axes.some((axis) => x!.shape[axis] === 0)) {
      throw new TatamiError(
        "zero-size",
        `x [${x!.shape.join(", ")}] has no element along axis ${axes.find((a) => x!.shape[a] === 0)}: its ${fn} is not defined`,
        { op: fn },
      );
    }
    return { shape: x!.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)), dtype: x!.dtype };
  },
  grad(y, dy): Gradients {
    const x = y.inputs[0]!;
    if (!isFloat(y.dtype)) return [undefined];
    const count = sizeOf(x.shape) / Math.max(1, sizeOf(y.shape));
    switch (y.attrs.fn) {
      case "sum":
        return [broadcast(dy, x.shape)];
      case "mean":
        return [broadcast(div(dy, count), x.shape)];
      case "max":
      case "min": {
        // Ties share the gradient evenly: the subgradient that does not depend on an order.
        const hit = equal(x, y);
        const ties = node(reduceOp, [cast(hit, y.dtype)], { fn: "sum", axes: y.attrs.axes });
        return [select(hit, div(dy, ties), 0)];
      }
      case "prod":
        return [prodGrad(x, y, dy, y.attrs.axes)];
    }
  },
  value([x], { fn }, output, [spec]): TypedArray {
    const to = elementsOf(spec!.shape, output.shape);
    const first = { sum: 0, mean: 0, prod: 1, max: -Infinity, min: Infinity }[fn];
    // Floats are summed in f64 and rounded once; i32 wraps at every step.
    const wide = new Float64Array(sizeOf(output.shape)).fill(first);
    const step = stepOf(fn, output.dtype === "i32");
    for (let i = 0; i < x!.length; i++) {
      const at = to();
      wide[at] = step(wide[at]!, x![i]!);
    }
    const count = fn === "mean" ? x!.length / wide.length : 1;
    const out = typedArray(output.dtype, wide.length);
    for (let i = 0; i < out.length; i++) out[i] = wide[i]! / count;
    return out;
  },
};

function stepOf(fn: ReduceFn, integer: boolean): (all: number, v: number) => number {
  if (fn === "max" || fn === "min") return Math[fn];
  if (fn === "prod") return integer ? Math.imul : (all, v) => all * v;
  return integer ? (all, v) => (all + v) | 0 : (all, v) => all + v;
}

/** The product of the others: y/x, and where the only zero stands the product of the rest. */
function prodGrad(x: Tensor, y: Tensor, dy: Tensor, axes: readonly number[]): Tensor {
  const zero = equal(x, 0);
  const rest = select(zero, 1, x);
  const product = node(reduceOp, [rest], { fn: "prod", axes });
  const zeros = node(reduceOp, [cast(zero, x.dtype)], { fn: "sum", axes });
  const others = select(zero, select(equal(zeros, 1), product, 0), select(equal(zeros, 0), div(y, rest), 0));
  return mul(dy, others);
}

/** Sums `x` to a shape that broadcasts to it (same rank): the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const axes = x.shape.flatMap((dim, axis) => (shape[axis] === 1 && dim !== 1 ? [axis] : []));
  return axes.length === 0 ? x : node(reduceOp, [x], { fn: "sum", axes });
}

/** One axis or several, from the front or (negative) from the back; all when left out. */
export type Axes = number | readonly number[];

export interface ReduceOptions {
  /** Default: all axes. */
  readonly axis?: Axes | undefined;
  /** Keep reduced axes with size 1. Default false. */
  readonly keepDims?: boolean | undefined;
}

function apply(fn: ReduceFn, x: Tensor, options: ReduceOptions): Tensor {
  const { axis, keepDims = false } = checkOptions(options, fn);
  const from = checkTensor(x, fn, "x");
  const given = fn === "mean" ? toFloat(from) : toArithmetic(from);
  const axes = normalizeAxes(axis, given.shape.length, fn);
  const kept = axes.length === 0 ? given : node(reduceOp, [given], { fn, axes });
  return checkBoolean(keepDims, fn, "keepDims")
    ? kept
    : reshape(
        kept,
        given.shape.filter((_, i) => !axes.includes(i)),
      );
}

/** Sum over axes. u8 and bool are summed in i32. @throws TatamiError `axis`. */
export const sum = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("sum", x, options);
/** Mean over axes; integers in f32. @throws TatamiError `axis`, `zero-size`. */
export const mean = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("mean", x, options);
/** Largest along axes; NaN where one is. Equal maxima share the gradient. @throws TatamiError `axis`, `zero-size`. */
export const max = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("max", x, options);
/** Smallest along axes; NaN where one is. Equal minima share the gradient. @throws TatamiError `axis`, `zero-size`. */
export const min = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("min", x, options);
/** Product over axes; 1 of none. u8 and bool in i32. @throws TatamiError `axis`. */
export const prod = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("prod", x, options);
