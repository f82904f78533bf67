/** Pooling along one axis: that of maps of height 1. */
import { checkRow, type Pair, type Rounding } from "../geometry.ts";
import { checkOptions, checkWhole } from "../operand.ts";
import type { Tensor } from "../tensor.ts";
import { onRow } from "./image.ts";
import { pooled } from "./pool2d.ts";

export interface Pool1dOptions {
  /** Default: the kernel's size. */
  readonly stride?: number | undefined;
  /** `1`, `[before, after]`, `"same"` or `"valid"`. Default 0. */
  readonly padding?: number | Pair | "same" | "valid" | undefined;
  /** Default 1. */
  readonly dilation?: number | undefined;
  /** Default "exact". */
  readonly rounding?: Rounding | undefined;
}

export interface AvgPool1dOptions extends Pool1dOptions {
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
export const maxPool1d = (x: Tensor, kernel: number, options: Pool1dOptions = {}): Tensor =>
  apply("max", x, kernel, options);

/**
 * The mean of each window: (C, L) or (N, C, L), size as `conv1d`. Stride defaults to the kernel.
 * @throws TatamiError as `avgPool2d`.
 */
export const avgPool1d = (x: Tensor, kernel: number, options: AvgPool1dOptions = {}): Tensor =>
  apply("avg", x, kernel, options);
