/**
 * Reductions. The primitive keeps its axes (size 1); the public functions drop them unless `keepDims`.
 * f32, f16, i32 (`mean`: floats). max and min: NaN is sticky. Sums are the backend's in order and width, within the kit's bound.
 */
import { isFloat, typedArray, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import { checkTensor, toArithmetic, toFloat } from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import { normalizeAxes, sizeOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { div, equal, mul } from "./binary.ts";
import { broadcast } from "./broadcast.ts";
import { cast } from "./cast.ts";
import { elementOf } from "./elements.ts";
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
    const takes = fn === "mean" ? ["f32", "f16"] : ["f32", "f16", "i32"];
    if (!takes.includes(x!.dtype)) throw new TatamiError("dtype", `x is ${x!.dtype}, wanted ${takes.join(" or ")}; use cast`, { op: fn });
    if (fn !== "sum" && fn !== "prod" && axes.some((axis) => x!.shape[axis] === 0)) {
      throw new TatamiError("zero-size", `x [${x!.shape.join(", ")}] has no element along axis ${axes.find((a) => x!.shape[a] === 0)}: its ${fn} is not defined`, { op: fn });
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
    const out = typedArray(output.dtype, sizeOf(output.shape));
    const to = elementOf(spec!.shape, output.shape);
    const seen = new Uint8Array(out.length);
    if (fn === "prod") out.fill(1);
    for (let i = 0; i < x!.length; i++) {
      const at = to(i);
      const v = x![i]!;
      const w = out[at]!;
      if (fn === "max" || fn === "min") out[at] = seen[at] === 0 ? v : Math[fn](w, v);
      else out[at] = fn === "prod" ? w * v : w + v;
      seen[at] = 1;
    }
    if (fn === "mean") for (let i = 0; i < out.length; i++) out[i] = out[i]! / (x!.length / out.length);
    return out;
  },
};

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
  const from = checkTensor(x, fn, "x");
  const given = fn === "mean" ? toFloat(from) : toArithmetic(from);
  const axes = normalizeAxes(options.axis, given.shape.length, fn);
  const kept = axes.length === 0 ? given : node(reduceOp, [given], { fn, axes });
  return options.keepDims === true ? kept : reshape(kept, given.shape.filter((_, axis) => !axes.includes(axis)));
}

/** Sum over axes. u8 and bool are summed in i32. @throws TatamiError `axis`. */
export const sum = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("sum", x, options);
/** Mean over axes; integers in f32. @throws TatamiError `axis`, `zero-size`. */
export const mean = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("mean", x, options);
/** Largest along axes. @throws TatamiError `axis`, `zero-size`. */
export const max = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("max", x, options);
export const min = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("min", x, options);
export const prod = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("prod", x, options);
