/** A product over windows: the convolution, its input gradient, and matrix products, in the terms of conv/direct.ts. */
import type { Activation, Call, ConvAttrs, DType, Pair } from "@tatamijs/core/backend";
import type { Panels } from "./pack.ts";

/**
 * Maps of `from` are read, maps of `to` are made. Plain: to (oy, ox) reads row oy·stride + ky·dilation − padding. Turned (the
 * input gradient): row (oy + padding − ky·dilation)/stride, where that is whole.
 */
export interface Windows {
  readonly images: number;
  readonly groups: number;
  readonly from: Pair;
  readonly to: Pair;
  /** Channels of a group. */
  readonly depth: number;
  readonly columns: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly turned: boolean;
  /** Filters are those of the convolution whose input gradient this is: depth are its filters, columns its channels. */
  readonly back: boolean;
  /** Each image has filters of its own: image → [image of x, filters]. */
  readonly own?: readonly (readonly [number, number])[];
}

/** What is done to each sum before it is stored. */
export interface Following {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly activation: Activation;
}

export const nothing: Following = { bias: false, residual: false, activation: "none" };

export interface Types {
  readonly from: DType;
  readonly to: DType;
}

export function convWindows(
  [x, w]: Call["inputs"],
  { input, output, kernel, stride, padding, dilation, groups }: ConvAttrs,
): Windows {
  return {
    images: x!.shape[0]!,
    groups,
    from: input,
    to: output,
    depth: x!.shape[3]! / groups,
    columns: w!.shape[0]! / groups,
    kernel,
    stride,
    padding: [padding[0], padding[1]],
    dilation,
    turned: false,
    back: false,
  };
}

/** The input gradient reads dy, the convolution's output. Of stride 1 it is a plain convolution with each filter turned by 180°. */
export function inputGradWindows(
  [dy, w]: Call["inputs"],
  { input, output, kernel, stride, padding, dilation, groups }: ConvAttrs,
): Windows {
  const turned = stride.some((s) => s !== 1);
  const rest = (axis: 0 | 1): number => dilation[axis] * (kernel[axis] - 1) - padding[axis];
  return {
    images: dy!.shape[0]!,
    groups,
    from: output,
    to: input,
    depth: w!.shape[0]! / groups,
    columns: w!.shape[3]!,
    kernel,
    stride,
    padding: turned ? [padding[0], padding[1]] : [rest(0), rest(1)],
    dilation,
    turned,
    back: true,
  };
}

/** Filters OHWI as panels: depth are the channels (or, back, the filters) of a group, columns the others. */
export function filterPanels({ groups, depth, columns, kernel, turned, back }: Windows): Panels {
  const taps = kernel[0] * kernel[1];
  const channels = back ? columns : depth;
  const filters = back ? depth : columns;
  const filter = taps * channels;
  const flip = back && !turned;
  return {
    groups,
    taps,
    depth,
    columns,
    ...(flip ? { start: (taps - 1) * channels } : {}),
    steps: [filters * filter, flip ? -channels : channels, back ? filter : 1, back ? 1 : filter],
  };
}
