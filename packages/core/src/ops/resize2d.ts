/**
 * Resizing maps, [N, H, W, C] → [N, OH, OW, C]; linear in x, so the gradient is its transpose.
 *
 * Output row o reads the input at (ONNX Resize's names), s = `scale` = OH/H unless given:
 *   half-pixel     (o + ½)/s − ½
 *   align-corners  o·(H − 1)/(OH − 1), 0 where OH = 1
 *   asymmetric     o/s
 * nearest takes the row there, rounded by `nearest`; linear mixes the two around it. Rows outside are the border's.
 */
import { show, TatamiError } from "../errors.ts";
import { checkPair, type Pair } from "../geometry.ts";
import { checkTensor, toFloat } from "../operand.ts";
import type { Primitive, Spec } from "../op.ts";
import { node, type Tensor } from "../tensor.ts";
import { onImage } from "./conv2d.ts";

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

function checkMap(op: string, x: Spec, size: Pair): void {
  if (x.dtype !== "f32" && x.dtype !== "f16") throw new TatamiError("dtype", `x is ${x.dtype}, wanted f32 or f16; use cast`, { op });
  if (x.shape.length !== 4 || x.shape[1] !== size[0] || x.shape[2] !== size[1]) {
    throw new TatamiError("shape", `the map is [${x.shape.join(", ")}], its geometry says ${size[0]}×${size[1]}`, { op });
  }
}

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

const nearests: readonly NearestRounding[] = ["floor", "ceil", "round-prefer-floor", "round-prefer-ceil"];

/**
 * x (C, H, W) or (N, C, H, W) resized to `size`.
 * @throws TatamiError `argument`, `rank`, `zero-size`.
 */
export function resize2d(x: Tensor, size: number | Pair, options: ResizeOptions = {}): Tensor {
  const { mode = "nearest", coordinates = "half-pixel", nearest = "round-prefer-floor", scale } = options;
  const output = checkPair(size, 1, "resize2d", "size");
  const oneOf = (value: string, list: readonly string[], name: string): void => {
    if (list.includes(value)) return;
    throw new TatamiError("argument", `${name} is ${show(value)}; use ${list.map((v) => `"${v}"`).join(", ")}`, { op: "resize2d" });
  };
  oneOf(mode, ["nearest", "linear"], "mode");
  oneOf(coordinates, ["half-pixel", "align-corners", "asymmetric"], "coordinates");
  oneOf(nearest, nearests, "nearest");
  if (scale !== undefined && !(Array.isArray(scale) && scale.length === 2 && scale.every((s: unknown) => typeof s === "number" && Number.isFinite(s) && s > 0))) {
    throw new TatamiError("argument", `scale is ${show(scale)}; give two finite numbers > 0`, { op: "resize2d" });
  }
  return onImage(toFloat(checkTensor(x, "resize2d", "x")), "resize2d", (image) => {
    const input: Pair = [image.shape[1]!, image.shape[2]!];
    return node(resize2dOp, [image], {
      input,
      output,
      scale: scale ?? [output[0] / input[0], output[1] / input[1]],
      mode,
      coordinates,
      nearest: mode === "linear" ? "floor" : nearest,
    });
  });
}
