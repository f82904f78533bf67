/** Convolution along one axis, and its transpose: those of maps of height 1. */
import { checkRow, type Pair, type Rounding, type RowPadding } from "../geometry.ts";
import { checkOptions, checkRank, checkTensor, checkWhole } from "../operand.ts";
import type { Shape } from "../shape.ts";
import type { Conv1d } from "../shapes/convolution.ts";
import type { Fits, Made } from "../shapes/result.ts";
import type { Tensor } from "../tensor.ts";
import { convolve } from "./conv2d.ts";
import { deconvolve } from "./convTranspose2d.ts";
import { asMap, onRow } from "./image.ts";
import type { PaddingMode } from "./pad.ts";

export interface Conv1dOptions<
  S extends number = number,
  P extends RowPadding = RowPadding,
  D extends number = number,
  R extends Rounding = Rounding,
  G extends number = number,
> {
  /** (FN). */
  readonly bias?: Tensor | undefined;
  /** Default 1. */
  readonly stride?: S | undefined;
  /** `1`, `[before, after]`, `"same"` or `"valid"`. Default 0. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** Default 1. */
  readonly groups?: G | undefined;
  /** Default "exact". */
  readonly rounding?: R | undefined;
  /** Default "zeros". */
  readonly paddingMode?: PaddingMode | undefined;
}

/**
 * Convolution along one axis: x (C, L) or (N, C, L), w (FN, C/groups, F) → (FN, OL) or (N, FN, OL),
 * OL = (L + P₀ + P₁ − D·(F − 1) − 1)/S + 1: `conv2d` of height 1, which is why its errors speak of the width, OW.
 * @throws TatamiError as `conv2d`.
 */
export function conv1d<
  const X extends Shape,
  const W extends Shape,
  const S extends number = 1,
  const P extends RowPadding = 0,
  const D extends number = 1,
  const R extends Rounding = "exact",
  const G extends number = 1,
>(
  x: Tensor<X> & Fits<Conv1d<X, W, S, P, D, R, G>>,
  w: Tensor<W>,
  options?: Conv1dOptions<S, P, D, R, G>,
): Made<Conv1d<X, W, S, P, D, R, G>>;
export function conv1d(x: Tensor, w: Tensor, options: Conv1dOptions = {}): Tensor {
  const op = "conv1d";
  const { bias, groups, rounding, paddingMode, ...along } = checkOptions(options, op);
  checkRank(checkTensor(w, op, "w"), [3], op, "w", "filters are (FN, C/groups, F)");
  return onRow(x, op, (map) =>
    convolve(map, asMap(w), { bias, groups, rounding, paddingMode, ...checkRow(along, op) }, op),
  );
}

export interface ConvTranspose1dOptions {
  /** (FN). */
  readonly bias?: Tensor | undefined;
  /** Default 1. */
  readonly stride?: number | undefined;
  /** `1` or `[before, after]`: what the convolution that this one undoes was padded with. Default 0. */
  readonly padding?: number | Pair | undefined;
  /** Default 1. */
  readonly dilation?: number | undefined;
  /** Default 1. */
  readonly groups?: number | undefined;
  /** Default 0; less than stride or dilation. */
  readonly outputPadding?: number | undefined;
}

/**
 * Transposed convolution along one axis: x (C, L) or (N, C, L), w (C, FN/groups, F) → (FN, OL) or (N, FN, OL),
 * OL = (L − 1)·S − P₀ − P₁ + D·(F − 1) + 1 + outputPadding.
 * @throws TatamiError as `convTranspose2d`.
 */
export function convTranspose1d(x: Tensor, w: Tensor, options: ConvTranspose1dOptions = {}): Tensor {
  const op = "convTranspose1d";
  const { bias, groups, outputPadding = 0, ...along } = checkOptions(options, op);
  checkRank(checkTensor(w, op, "w"), [3], op, "w", "filters are (C, FN/groups, F)");
  const { stride, dilation, padding } = checkRow(along, op, false);
  const more: Pair = [0, checkWhole(outputPadding, 0, op, "outputPadding")];
  return onRow(x, op, (map) =>
    deconvolve(
      map,
      asMap(w),
      { bias, groups, outputPadding: more, stride, dilation, padding: padding as Pair<Pair> },
      op,
    ),
  );
}
