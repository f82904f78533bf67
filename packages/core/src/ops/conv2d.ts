/**
 * Convolution (cross-correlation, as in every framework) and its two gradients.
 *
 * With x the map, w the filters, y the result, and ι(o, f) = o·stride + f·dilation − padding the input row that kernel
 * row f of output row o reads,
 *
 *     y[n, o, k] = Σ_{f, c} x[n, ι(o, f), c] · w[k, f, c]                  conv2d(x, w)
 *
 * is linear in x and in w. Its transposes are
 *
 *     x'[n, i, c] = Σ_{o, f : ι(o, f) = i} Σ_k dy[n, o, k] · w[k, f, c]     conv2dInputGrad(dy, w): also the transposed convolution
 *     w'[k, f, c] = Σ_{n, o} x[n, ι(o, f), c] · dy[n, o, k]                 conv2dWeightGrad(x, dy)
 *
 * All three are one trilinear form T(x, w, dy) = Σ y·dy with one argument left out, so the gradient of each by one of its
 * operands is that form with the output's gradient put in the third place: the triad is closed under differentiation.
 *
 * Inside, maps are NHWC and filters OHWI [FN, FH, FW, C/groups]. Users say (N, C, H, W) and (FN, C/groups, FH, FW).
 */
import { promote } from "../dtype.ts";
import { show, TatamiError } from "../errors.ts";
import {
  windowGeometry,
  type Geometry,
  type Padding,
  type Pair,
  type Rounding,
  type WindowOptions,
} from "../geometry.ts";
import {
  checkChoice,
  checkDTypes,
  checkOptions,
  checkRank,
  checkTensor,
  floatTypes,
  toDType,
  toFloat,
} from "../operand.ts";
import type { Gradients, Primitive, Spec } from "../op.ts";
import { checkNonEmpty, showShape, type Shape } from "../shape.ts";
import type { Conv2d } from "../shapes/convolution.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { add, mul } from "./binary.ts";
import { channelsLast, checkMap, onImage } from "./image.ts";
import { border, paddingModes, type PaddingMode } from "./pad.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";

/** One record for the triad. Channels and filters stand in the operands' shapes. */
export interface ConvAttrs extends Geometry {
  readonly groups: number;
}

/** [N, H, W, C], [FN, FH, FW, C/groups] → [N, OH, OW, FN]. */
export const conv2dOp: Primitive<ConvAttrs> = {
  kind: "primitive",
  name: "conv2d",
  infer([x, w], { input, kernel, output, groups }) {
    checkOperands("conv2d", x!, w!);
    checkMap("conv2d", x!, input);
    checkFilters("conv2d", w!.shape, kernel, x!.shape[3]!, groups);
    return { shape: [x!.shape[0]!, ...output, w!.shape[0]!], dtype: x!.dtype };
  },
  grad(y, dy): Gradients {
    const [x, w] = y.inputs as [Tensor, Tensor];
    return [node(conv2dInputGradOp, [dy, w], y.attrs), node(conv2dWeightGradOp, [x, dy], y.attrs)];
  },
  scaled(y, s) {
    // s [1, 1, 1, FN]: a factor for each filter.
    const [x, w] = y.inputs as [Tensor, Tensor];
    const filters = w.shape[0]!;
    if (s.shape.length !== 4 || s.shape.slice(0, 3).some((dim) => dim !== 1)) return undefined;
    return node(conv2dOp, [x, mul(w, s.shape[3] === filters ? reshape(s, [filters, 1, 1, 1]) : s)], y.attrs);
  },
};

/** dy [N, OH, OW, FN], w [FN, FH, FW, C/groups] → [N, H, W, C]. */
export const conv2dInputGradOp: Primitive<ConvAttrs> = {
  kind: "primitive",
  name: "conv2dInputGrad",
  infer([dy, w], { input, kernel, output, groups }) {
    checkOperands("conv2dInputGrad", dy!, w!);
    checkMap("conv2dInputGrad", dy!, output);
    const channels = w!.shape[3]! * groups;
    checkFilters("conv2dInputGrad", w!.shape, kernel, channels, groups);
    if (dy!.shape[3] !== w!.shape[0]) {
      throw new TatamiError(
        "channels",
        `dy has ${dy!.shape[3]} channels, the filters number ${w!.shape[0]}; they must be equal`,
        { op: "conv2dInputGrad" },
      );
    }
    return { shape: [dy!.shape[0]!, ...input, channels], dtype: dy!.dtype };
  },
  grad(y, dz): Gradients {
    const [dy, w] = y.inputs as [Tensor, Tensor];
    return [node(conv2dOp, [dz, w], y.attrs), node(conv2dWeightGradOp, [dz, dy], y.attrs)];
  },
};

/** x [N, H, W, C], dy [N, OH, OW, FN] → [FN, FH, FW, C/groups]. */
export const conv2dWeightGradOp: Primitive<ConvAttrs> = {
  kind: "primitive",
  name: "conv2dWeightGrad",
  infer([x, dy], { input, kernel, output, groups }) {
    checkOperands("conv2dWeightGrad", x!, dy!);
    checkMap("conv2dWeightGrad", x!, input);
    checkMap("conv2dWeightGrad", dy!, output);
    if (x!.shape[0] !== dy!.shape[0]) {
      throw new TatamiError("shape", `x has batch ${x!.shape[0]}, dy ${dy!.shape[0]}; they must be equal`, {
        op: "conv2dWeightGrad",
      });
    }
    checkGroups("conv2dWeightGrad", groups, x!.shape[3]!, dy!.shape[3]!);
    return { shape: [dy!.shape[3]!, ...kernel, x!.shape[3]! / groups], dtype: x!.dtype };
  },
  grad(y, dv): Gradients {
    const [x, dy] = y.inputs as [Tensor, Tensor];
    return [node(conv2dInputGradOp, [dy, dv], y.attrs), node(conv2dOp, [x, dv], y.attrs)];
  },
};

function checkOperands(op: string, a: Spec, b: Spec): void {
  checkDTypes([a, b], floatTypes, op);
  if (a.shape.length !== 4 || b.shape.length !== 4) {
    throw new TatamiError("rank", `operands have ${a.shape.length} and ${b.shape.length} axes, wanted 4 and 4`, { op });
  }
}

function checkFilters(op: string, w: Shape, kernel: Pair, channels: number, groups: number): void {
  if (w[1] !== kernel[0] || w[2] !== kernel[1]) {
    throw new TatamiError("shape", `filters are ${w[1]}×${w[2]}, geometry says ${kernel[0]}×${kernel[1]}`, {
      op,
    });
  }
  checkGroups(op, groups, channels, w[0]!);
  if (w[3]! * groups !== channels) {
    throw new TatamiError(
      "channels",
      `x has ${channels} channels, the filters take ${groups === 1 ? "" : `${w[3]}·${groups} = `}${w[3]! * groups}; ` +
        `use filters of shape (FN, ${channels / groups}, FH, FW)`,
      { op, details: { channels, filters: w[3], groups } },
    );
  }
}

/** @throws TatamiError `groups` when `groups` is no whole number that divides both. */
export function checkGroups(op: string, groups: number, channels: number, filters: number): void {
  if (!Number.isInteger(groups) || groups < 1) {
    throw new TatamiError("groups", `groups is ${show(groups)}; give a whole number ≥ 1`, {
      op,
      details: { given: groups },
    });
  }
  if (channels % groups !== 0 || filters % groups !== 0) {
    throw new TatamiError(
      "groups",
      `${groups} groups do not divide ${channels % groups === 0 ? `${filters} filters` : `${channels} channels`}; use a divisor of both ${channels} and ${filters}`,
      {
        op,
        details: { groups, channels, filters },
      },
    );
  }
}

export interface ConvOptions<
  S extends number | Pair = number | Pair,
  P extends Padding = Padding,
  D extends number | Pair = number | Pair,
  R extends Rounding = Rounding,
  G extends number = number,
> extends WindowOptions<S, P, D, R> {
  /** (FN) or (FN, 1, 1). */
  readonly bias?: Tensor | undefined;
  /** Channels and filters fall into so many groups that do not see each other. Default 1; = C: depthwise. */
  readonly groups?: G | undefined;
  /** What stands in the padding. Default "zeros". */
  readonly paddingMode?: PaddingMode | undefined;
}

/**
 * Convolution of x (C, H, W) or (N, C, H, W) with filters w (FN, C/groups, FH, FW) → (FN, OH, OW) or (N, FN, OH, OW),
 * OH = (H + P₀ + P₁ − D·(FH − 1) − 1)/S + 1. f32 or f16; integers are taken as f32.
 *
 * @throws TatamiError `size-fractional` where OH or OW is no whole number and `rounding` is "exact"; `size-negative` for
 * a kernel larger than the padded input; `channels`, `groups`, `rank`, `shape`, `zero-size`, `argument`.
 */
export function conv2d<
  const X extends Shape,
  const W extends Shape,
  const S extends number | Pair = 1,
  const P extends Padding = 0,
  const D extends number | Pair = 1,
  const R extends Rounding = "exact",
  const G extends number = 1,
>(
  x: Tensor<X> & Fits<Conv2d<X, W, S, P, D, R, G>>,
  w: Tensor<W>,
  options?: ConvOptions<S, P, D, R, G>,
): Made<Conv2d<X, W, S, P, D, R, G>>;
export function conv2d(x: Tensor, w: Tensor, options: ConvOptions = {}): Tensor {
  return convolve(x, w, options, "conv2d");
}

/** `conv2d` under the name that its errors shall give. */
export function convolve(x: Tensor, w: Tensor, options: ConvOptions, op: string): Tensor {
  const { groups = 1, bias } = checkOptions(options, op);
  const [map, filters] = floats(x, w, op);
  checkRank(filters, [4], op, "w", "filters are (FN, C/groups, FH, FW)");
  checkNonEmpty(filters.shape, op, "w");
  return onImage(map, op, (given) => {
    const kernel: Pair = [filters.shape[2]!, filters.shape[3]!];
    checkFilters(op, [filters.shape[0]!, ...kernel, filters.shape[1]!], kernel, given.shape[3]!, groups);
    const { image, geometry } = padded(given, kernel, options, op);
    const y = node(conv2dOp, [image, transpose(filters, channelsLast)], { ...geometry, groups });
    return withBias(y, bias, op);
  });
}

/** Both operands in the float type that they meet in. */
export function floats(x: Tensor, w: Tensor, op: string): [Tensor, Tensor] {
  const [a, b] = [toFloat(checkTensor(x, op, "x")), toFloat(checkTensor(w, op, "w"))];
  const dtype = promote(a.dtype, b.dtype);
  return [toDType(a, dtype), toDType(b, dtype)];
}

/** Padding of another mode than zeros is made first, and the window then has none. */
function padded(x: Tensor, kernel: Pair, options: ConvOptions, op: string): { image: Tensor; geometry: Geometry } {
  const mode = checkChoice(options.paddingMode ?? "zeros", paddingModes, op, "paddingMode");
  const geometry = windowGeometry([x.shape[1]!, x.shape[2]!], kernel, options, op);
  if (mode === "zeros") return { image: x, geometry };
  const [top, left, bottom, right] = geometry.padding;
  const image = border(x, [0, top, left, 0], [0, bottom, right, 0], mode, op);
  return { image, geometry: { ...geometry, input: [image.shape[1]!, image.shape[2]!], padding: [0, 0, 0, 0] } };
}

/** y [N, OH, OW, FN] + bias (FN) or (FN, 1, 1). */
export function withBias(y: Tensor, bias: Tensor | undefined, op: string): Tensor {
  if (bias === undefined) return y;
  const b = checkTensor(bias, op, "bias");
  const filters = y.shape[3]!;
  const fits =
    b.shape[0] === filters && (b.shape.length === 1 || (b.shape.length === 3 && b.shape[1] === 1 && b.shape[2] === 1));
  if (!fits) {
    throw new TatamiError(
      "shape",
      `bias is ${showShape(b.shape)}, wanted [${filters}] or [${filters}, 1, 1]: one number per filter`,
      {
        op,
        details: { given: b.shape, filters },
      },
    );
  }
  return add(y, reshape(b, [1, 1, 1, filters]));
}
