/** Pooling along one axis: that of maps of height 1. */
import { checkRow, type Rounding, type RowPadding } from "../geometry.ts";
import { checkOptions, checkWhole } from "../operand.ts";
import type { Shape } from "../shape.ts";
import type { Pool1d } from "../shapes/pool.ts";
import type { Fits, Made } from "../shapes/result.ts";
import type { Tensor } from "../tensor.ts";
import { onRow } from "./image.ts";
import { pooled } from "./pool2d.ts";

export interface Pool1dOptions<
  S extends number | undefined = number | undefined,
  P extends RowPadding = RowPadding,
  D extends number = number,
  R extends Rounding = Rounding,
> {
  /** Default: the kernel's size. */
  readonly stride?: S | undefined;
  /** `1`, `[before, after]`, `"same"` or `"valid"`. Default 0. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** Default "exact". */
  readonly rounding?: R | undefined;
}

export interface AvgPool1dOptions<
  S extends number | undefined = number | undefined,
  P extends RowPadding = RowPadding,
  D extends number = number,
  R extends Rounding = Rounding,
> extends Pool1dOptions<S, P, D, R> {
  /** Count padding as zeros in the mean. Default true, as in PyTorch. */
  readonly countIncludePad?: boolean | undefined;
}

function apply(fn: "max" | "avg", x: Tensor, kernel: number, options: AvgPool1dOptions): Tensor {
  const op = `${fn}Pool1d`;
  const { rounding, countIncludePad, ...along } = checkOptions(options, op);
  const size = checkWhole(kernel, 1, op, "kernel");
  const row = checkRow({ ...along, stride: along.stride ?? size }, op);
  return onRow(x, op, (map) => pooled(fn, map, [1, size], { rounding, countIncludePad, ...row }, op));
}

/**
 * The largest element of each window: (C, L) or (N, C, L), size as `conv1d`. Stride defaults to the kernel.
 * @throws TatamiError as `maxPool2d`.
 */
export function maxPool1d<
  const X extends Shape,
  const K extends number,
  const S extends number | undefined = undefined,
  const P extends RowPadding = 0,
  const D extends number = 1,
  const R extends Rounding = "exact",
>(
  x: Tensor<X> & Fits<Pool1d<X, K, S, P, D, R, "maxPool1d">>,
  kernel: K,
  options?: Pool1dOptions<S, P, D, R>,
): Made<Pool1d<X, K, S, P, D, R, "maxPool1d">>;
export function maxPool1d(x: Tensor, kernel: number, options: Pool1dOptions = {}): Tensor {
  return apply("max", x, kernel, options);
}

/**
 * The mean of each window: (C, L) or (N, C, L), size as `conv1d`. Stride defaults to the kernel.
 * @throws TatamiError as `avgPool2d`.
 */
export function avgPool1d<
  const X extends Shape,
  const K extends number,
  const S extends number | undefined = undefined,
  const P extends RowPadding = 0,
  const D extends number = 1,
  const R extends Rounding = "exact",
>(
  x: Tensor<X> & Fits<Pool1d<X, K, S, P, D, R, "avgPool1d">>,
  kernel: K,
  options?: AvgPool1dOptions<S, P, D, R>,
): Made<Pool1d<X, K, S, P, D, R, "avgPool1d">>;
export function avgPool1d(x: Tensor, kernel: number, options: AvgPool1dOptions = {}): Tensor {
  return apply("avg", x, kernel, options);
}
