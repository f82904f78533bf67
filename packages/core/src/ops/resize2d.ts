/**
 * Resizing maps, [N, H, W, C] → [N, OH, OW, C]; linear in x, so the gradient is its transpose.
 *
 * Output row o reads the input at (ONNX Resize's names), s = `scale` = OH/H unless given:
 *   half-pixel     (o + ½)/s − ½
 *   align-corners  o·(H − 1)/(OH − 1), 0 where OH = 1
 *   asymmetric     o/s
 * nearest takes the row there, rounded by `nearest`; linear mixes the two around it. Rows outside are the border's.
 */
import { wrongArgument } from "../errors.ts";
import { checkPair, type Pair } from "../geometry.ts";
import { checkChoice, checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { node, type Tensor } from "../tensor.ts";
import { checkMap, onImage } from "./image.ts";

export type Coordinates = "half-pixel" | "align-corners" | "asymmetric";
export type NearestRounding = "floor" | "ceil" | "round-prefer-floor" | "round-prefer-ceil";

export interface ResizeAttrs {
  readonly input: Pair;
  readonly output: Pair;
  readonly scale: Pair;
  readonly mode: "nearest" | "linear";
  readonly coordinates: Coordinates;
  /** "floor" in linear mode, where it says nothing. */
  readonly nearest: NearestRounding;
}

export const resize2dOp: Primitive<ResizeAttrs> = {
  kind: "primitive",
  name: "resize2d",
  infer([x], { input, output }) {
    checkMap("resize2d", x!, input);
    return { shape: [x!.shape[0]!, ...output, x!.shape[3]!], dtype: x!.dtype };
  },
  grad: (y, dy) => [node(resize2dGradOp, [dy], y.attrs)],
};

/** dy [N, OH, OW, C] → [N, H, W, C]. */
export const resize2dGradOp: Primitive<ResizeAttrs> = {
  kind: "primitive",
  name: "resize2dGrad",
  infer([dy], { input, output }) {
    checkMap("resize2dGrad", dy!, output);
    return { shape: [dy!.shape[0]!, ...input, dy!.shape[3]!], dtype: dy!.dtype };
  },
  grad: (y, dz) => [node(resize2dOp, [dz], y.attrs)],
};

export interface ResizeOptions {
  /** Default "nearest". */
  readonly mode?: "nearest" | "linear" | undefined;
  /** Default "half-pixel" (PyTorch's align_corners = false). */
  readonly coordinates?: Coordinates | undefined;
  /** Default "round-prefer-floor" (ONNX); PyTorch's nearest is "asymmetric" with "floor". */
  readonly nearest?: NearestRounding | undefined;
  /** The factors that coordinates are worked out with, where they are not OH/H and OW/W. */
  readonly scale?: Pair | undefined;
}

/**
 * x (C, H, W) or (N, C, H, W) resized to `size` ([OH, OW], or one number for both). f32 or f16; integers are taken as f32.
 * @throws TatamiError `argument`, `rank`, `zero-size`.
 */
export function resize2d(x: Tensor, size: number | Pair, options: ResizeOptions = {}): Tensor {
  const op = "resize2d";
  const {
    mode = "nearest",
    coordinates = "half-pixel",
    nearest = "round-prefer-floor",
    scale,
  } = checkOptions(options, op);
  const output = checkPair(size, 1, op, "size");
  checkChoice(mode, ["nearest", "linear"], op, "mode");
  checkChoice(coordinates, ["half-pixel", "align-corners", "asymmetric"], op, "coordinates");
  checkChoice(nearest, ["floor", "ceil", "round-prefer-floor", "round-prefer-ceil"], op, "nearest");
  if (
    scale !== undefined &&
    !(
      Array.isArray(scale) &&
      scale.length === 2 &&
      scale.every((s: unknown) => typeof s === "number" && Number.isFinite(s) && s > 0)
    )
  ) {
    throw wrongArgument(op, "scale", scale, "two finite numbers > 0");
  }
  return onImage(toFloat(checkTensor(x, op, "x")), op, (image) => {
    const input: Pair = [image.shape[1]!, image.shape[2]!];
    return node(resize2dOp, [image], {
      input,
      output,
      scale: scale === undefined ? [output[0] / input[0], output[1] / input[1]] : [scale[0], scale[1]],
      mode,
      coordinates,
      nearest: mode === "linear" ? "floor" : nearest,
    });
  });
}
