/**
 * Pooling over windows, [N, H, W, C] → [N, OH, OW, C].
 *
 * max: padding is never chosen; starts from the first element, the first maximum wins, NaN is sticky (so that it reaches
 * the loss). avg: the mean of the window's elements; `countIncludePad` counts padding (but not what `rounding: "ceil"`
 * sticks out beyond it) as zeros, PyTorch's default for both names.
 */
import { TatamiError } from "../errors.ts";
import {
  windowGeometry,
  checkPair,
  type Geometry,
  type Padding,
  type Pair,
  type Rounding,
  type WindowOptions,
} from "../geometry.ts";
import { checkBoolean, checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import type { Shape } from "../shape.ts";
import type { Pool2d } from "../shapes/pool.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { checkMap, onImage } from "./image.ts";

export interface PoolAttrs extends Geometry {
  readonly fn: "max" | "avg";
  /** avg only; false for max. */
  readonly countIncludePad: boolean;
}

export const pool2dOp: Primitive<PoolAttrs> = {
  kind: "primitive",
  name: "pool2d",
  infer([x], attrs) {
    checkMap("pool2d", x!, attrs.input);
    checkWindows(attrs);
    return { shape: [x!.shape[0]!, ...attrs.output, x!.shape[3]!], dtype: x!.dtype };
  },
  grad(y, dy): Gradients {
    return [node(pool2dGradOp, y.attrs.fn === "max" ? [dy, y.inputs[0]!] : [dy], y.attrs)];
  },
};

/** dy [N, OH, OW, C], for max also x [N, H, W, C] → [N, H, W, C]: to each window's (first) maximum, or evenly to all. */
export const pool2dGradOp: Primitive<PoolAttrs> = {
  kind: "primitive",
  name: "pool2dGrad",
  infer([dy, x], attrs) {
    checkMap("pool2dGrad", dy!, attrs.output);
    if (attrs.fn === "max") checkMap("pool2dGrad", x!, attrs.input);
    return { shape: [dy!.shape[0]!, ...attrs.input, dy!.shape[3]!], dtype: dy!.dtype };
  },
  grad(y, dz): Gradients {
    if (y.attrs.fn === "avg") return [node(pool2dOp, [dz], y.attrs)];
    throw new TatamiError("gradient", "max pooling has no second derivative; use average pooling where one is needed", {
      op: "pool2dGrad",
    });
  },
};

/**
 * Each window must hold an element of the input: the maximum or mean of none is not defined. With taps no further apart
 * than the input is large none is stepped over, so the first and the last window speak for all.
 */
function checkWindows({ input, kernel, output, stride, padding, dilation }: Geometry): void {
  for (const axis of [0, 1] as const) {
    const every = dilation[axis] > input[axis] ? 1 : Math.max(1, output[axis] - 1);
    for (let o = 0; o < output[axis]; o += every) {
      const first = o * stride[axis] - padding[axis];
      const inside = Math.max(0, Math.ceil(-first / dilation[axis]));
      if (inside < kernel[axis] && first + inside * dilation[axis] < input[axis]) continue;
      throw new TatamiError(
        "argument",
        `window ${o} of axis ${axis === 0 ? "H" : "W"} lies in the padding alone; use padding smaller than the kernel`,
        { op: "pool2d", details: { axis, window: o } },
      );
    }
  }
}

export interface PoolOptions<
  S extends number | Pair | undefined = number | Pair | undefined,
  P extends Padding = Padding,
  D extends number | Pair = number | Pair,
  R extends Rounding = Rounding,
> extends WindowOptions<S, P, D, R> {
  /** Default: the kernel's size. */
  readonly stride?: S | undefined;
}

export interface AvgPoolOptions<
  S extends number | Pair | undefined = number | Pair | undefined,
  P extends Padding = Padding,
  D extends number | Pair = number | Pair,
  R extends Rounding = Rounding,
> extends PoolOptions<S, P, D, R> {
  /** Count padding as zeros in the mean. Default true, as in PyTorch. */
  readonly countIncludePad?: boolean | undefined;
}

/** Either pooling under the name that its errors shall give. */
export function pooled(
  fn: "max" | "avg",
  x: Tensor,
  kernel: number | Pair,
  options: AvgPoolOptions,
  op: string,
): Tensor {
  const { countIncludePad = true, stride } = checkOptions(options, op);
  const size = checkPair(kernel, 1, op, "kernel");
  const counted = checkBoolean(countIncludePad, op, "countIncludePad") && fn === "avg";
  return onImage(toFloat(checkTensor(x, op, "x")), op, (image) => {
    const geometry = windowGeometry(
      [image.shape[1]!, image.shape[2]!],
      size,
      { ...options, stride: stride ?? size },
      op,
    );
    return node(pool2dOp, [image], { ...geometry, fn, countIncludePad: counted });
  });
}

/**
 * The largest element of each window: (C, H, W) or (N, C, H, W), size as `conv2d`. Stride defaults to the kernel.
 * f32 or f16; integers are taken as f32.
 * @throws TatamiError `size-fractional`, `size-negative`, `rank`, `zero-size`, `argument`.
 */
export function maxPool2d<
  const X extends Shape,
  const K extends number | Pair,
  const S extends number | Pair | undefined = undefined,
  const P extends Padding = 0,
  const D extends number | Pair = 1,
  const R extends Rounding = "exact",
>(
  x: Tensor<X> & Fits<Pool2d<X, K, S, P, D, R, "maxPool2d">>,
  kernel: K,
  options?: PoolOptions<S, P, D, R>,
): Made<Pool2d<X, K, S, P, D, R, "maxPool2d">>;
export function maxPool2d(x: Tensor, kernel: number | Pair, options: PoolOptions = {}): Tensor {
  return pooled("max", x, kernel, options, "maxPool2d");
}

/**
 * The mean of each window: (C, H, W) or (N, C, H, W), size as `conv2d`. Stride defaults to the kernel.
 * f32 or f16; integers are taken as f32.
 * @throws TatamiError `size-fractional`, `size-negative`, `rank`, `zero-size`, `argument`.
 */
export function avgPool2d<
  const X extends Shape,
  const K extends number | Pair,
  const S extends number | Pair | undefined = undefined,
  const P extends Padding = 0,
  const D extends number | Pair = 1,
  const R extends Rounding = "exact",
>(
  x: Tensor<X> & Fits<Pool2d<X, K, S, P, D, R, "avgPool2d">>,
  kernel: K,
  options?: AvgPoolOptions<S, P, D, R>,
): Made<Pool2d<X, K, S, P, D, R, "avgPool2d">>;
export function avgPool2d(x: Tensor, kernel: number | Pair, options: AvgPoolOptions = {}): Tensor {
  return pooled("avg", x, kernel, options, "avgPool2d");
}
