/** Transposed convolution: `conv2dInputGrad` under the name and in the order of weights that users know it by. */
import { TatamiError } from "../errors.ts";
import { transposedGeometry, type Pair, type TransposedOptions } from "../geometry.ts";
import { checkOptions, checkRank } from "../operand.ts";
import type { ConvTranspose2d } from "../shapes/convolution.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { checkNonEmpty, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { checkGroups, conv2dInputGradOp, floats, withBias } from "./conv2d.ts";
import { channelsLast, onImage } from "./image.ts";
import { transpose } from "./transpose.ts";

export interface ConvTransposeOptions<
  S extends number | Pair = number | Pair,
  P extends number | Pair | Pair<Pair> = number | Pair | Pair<Pair>,
  D extends number | Pair = number | Pair,
  M extends number | Pair = number | Pair,
  G extends number = number,
> extends TransposedOptions<S, P, D, M> {
  /** (FN) or (FN, 1, 1), FN the output channels. */
  readonly bias?: Tensor | undefined;
  /** Default 1. */
  readonly groups?: G | undefined;
}

/**
 * Transposed convolution of x (C, H, W) or (N, C, H, W) with w (C, FN/groups, FH, FW), PyTorch's order:
 * OH = (H − 1)·S − P₀ − P₁ + D·(FH − 1) + 1 + outputPadding. The gradient of `conv2d` by its input. f32 or f16.
 *
 * @throws TatamiError `size-negative`, `channels`, `groups`, `rank`, `shape`, `zero-size`, `argument`.
 */
export function convTranspose2d<
  const X extends Shape,
  const W extends Shape,
  const S extends number | Pair = 1,
  const P extends number | Pair | Pair<Pair> = 0,
  const D extends number | Pair = 1,
  const M extends number | Pair = 0,
  const G extends number = 1,
>(
  x: Tensor<X> & Fits<ConvTranspose2d<X, W, S, P, D, M, G>>,
  w: Tensor<W>,
  options?: ConvTransposeOptions<S, P, D, M, G>,
): Made<ConvTranspose2d<X, W, S, P, D, M, G>>;
export function convTranspose2d(x: Tensor, w: Tensor, options: ConvTransposeOptions = {}): Tensor {
  return deconvolve(x, w, options, "convTranspose2d");
}

/** `convTranspose2d` under the name that its errors shall give. */
export function deconvolve(x: Tensor, w: Tensor, options: ConvTransposeOptions, op: string): Tensor {
  const { groups = 1, bias } = checkOptions(options, op);
  const [map, filters] = floats(x, w, op);
  checkRank(filters, [4], op, "w", "filters are (C, FN/groups, FH, FW)");
  checkNonEmpty(filters.shape, op, "w");
  return onImage(map, op, (image) => {
    const [c, , height, width] = filters.shape as unknown as readonly [number, number, number, number];
    const channels = image.shape[3]!;
    if (c !== channels) {
      throw new TatamiError(
        "channels",
        `x has ${channels} channels, the filters take ${c}; use filters of shape (${channels}, FN/groups, FH, FW)`,
        {
          op,
          details: { channels, filters: c },
        },
      );
    }
    // A group has as many filters as w says, so that groups must divide the channels alone.
    checkGroups(op, groups, channels, channels);
    const geometry = transposedGeometry([image.shape[1]!, image.shape[2]!], [height, width], options, op);
    return withBias(
      node(conv2dInputGradOp, [image, transpose(filters, channelsLast)], { ...geometry, groups }),
      bias,
      op,
    );
  });
}
