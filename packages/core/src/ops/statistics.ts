/** Sums of more than one step: log Σeˣ, variance, standard deviation. */
import { TatamiError } from "../errors.ts";
import { checkBoolean, checkOptions, checkTensor, checkWhole, toFloat } from "../operand.ts";
import { normalizeAxes, showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, equal, sub } from "./binary.ts";
import { detach } from "./detach.ts";
import { max, mean, sum, type ReduceOptions } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { select } from "./select.ts";
import { exp, log, sqrt, square } from "./unary.ts";

/**
 * log Σeˣ over axes, without overflow. f32 or f16; integers are taken as f32. −∞ where all are −∞.
 * @throws TatamiError `axis`, `zero-size`, `argument`.
 */
export function logSumExp(x: Tensor, options: ReduceOptions = {}): Tensor {
  const op = "logSumExp";
  const { axis, keepDims = false } = checkOptions(options, op);
  const from = toFloat(checkTensor(x, op, "x"));
  const axes = normalizeAxes(axis, from.shape.length, op);
  const most = detach(max(from, { axis: axes, keepDims: true }));
  // ∞ − ∞ would be NaN: an infinite maximum shifts nothing.
  const shift = select(equal(sub(most, most), 0), most, 0);
  const y = add(log(sum(exp(sub(from, shift)), { axis: axes, keepDims: true })), shift);
  return checkBoolean(keepDims, op, "keepDims")
    ? y
    : reshape(
        y,
        from.shape.filter((_, i) => !axes.includes(i)),
      );
}

export interface VarianceOptions extends ReduceOptions {
  /** The sum of squares is divided by n − correction. Default 1 (unbiased, as in PyTorch); 0: the mean square. */
  readonly correction?: number | undefined;
}

/**
 * Variance over axes. f32 or f16; integers are taken as f32.
 * @throws TatamiError `axis`, `zero-size`, `argument`, also where there are no more than `correction` elements.
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  return varianceOf(x, options, "variance");
}

/** The square root of `variance`, with its options. @throws TatamiError as `variance`. */
export function std(x: Tensor, options: VarianceOptions = {}): Tensor {
  return sqrt(varianceOf(x, options, "std"));
}

function varianceOf(x: Tensor, options: VarianceOptions, op: string): Tensor {
  const { axis, keepDims = false, correction = 1 } = checkOptions(options, op);
  const from = toFloat(checkTensor(x, op, "x"));
  const axes = normalizeAxes(axis, from.shape.length, op);
  const count = sizeOf(axes.map((i) => from.shape[i]!));
  if (count <= checkWhole(correction, 0, op, "correction")) {
    throw new TatamiError(
      "argument",
      `${count} elements of ${showShape(from.shape)} with correction ${correction}: the divisor ${count - correction} must be positive; use correction 0, or more elements`,
      {
        op,
        details: { count, correction },
      },
    );
  }
  const squares = square(sub(from, mean(from, { axis: axes, keepDims: true })));
  return div(sum(squares, { axis: axes, keepDims: checkBoolean(keepDims, op, "keepDims") }), count - correction);
}
