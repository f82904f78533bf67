/** A product over windows: the convolution, its input gradient, and matrix products, in the terms of conv/direct.ts. */
import { sizeOf, type Activation, type Call, type ConvAttrs, type DType, type Pair } from "@tatamijs/core/backend";
import type { Io } from "../kernel.ts";
import type { Binding } from "../shader.ts";
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

/** The geometry as uniforms: sizes of the maps (h, w read; oh, ow made), kernel, strides, padding before, dilations. */
export function geometryUniforms({
  from,
  to,
  kernel,
  stride,
  padding,
  dilation,
}: Pick<Windows, "from" | "to" | "kernel" | "stride" | "padding" | "dilation">): Record<string, number> {
  return {
    oh: to[0],
    ow: to[1],
    h: from[0],
    w: from[1],
    kh: kernel[0],
    kw: kernel[1],
    sy: stride[0],
    sx: stride[1],
    top: padding[0],
    left: padding[1],
    dy: dilation[0],
    dx: dilation[1],
  };
}

/**
 * WGSL that sets `iy`, the row that output row `oy` reads for row `ky` of the kernel, and `width`, how many pixels it has: none
 * where there is no such row. That is no branch, in which processors that play a GPU would have to keep all sums as they were;
 * turned, where most rows of the kernel may have none, it goes on to the next.
 */
export function sourceRow(turned: boolean): string {
  return turned
    ? `    let ty = i32(oy) + i32(u.top) - i32(ky * u.dy);
    if (ty % i32(u.sy) != 0) { continue; }
    let iy = ty / i32(u.sy);
    if (u32(iy) >= u.h) { continue; }
    let width = u.w;`
    : `    let iy = i32(oy * u.sy + ky * u.dy) - i32(u.top);
    let width = select(0u, u.w, u32(iy) < u.h);`;
}

/** Which image and which filters each image takes, where it has filters of its own. */
export function ownBinding({ own }: Windows, { table }: Pick<Io, "table">): Binding[] {
  if (own === undefined) return [];
  return [{ name: "own", of: "u32", part: table(`own ${own.join()}`, () => Uint32Array.from(own.flat())) }];
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

/** A product, what follows it, and how its values are stored. */
export interface Product {
  readonly windows: Windows;
  readonly following: Following;
  readonly types: Types;
  /** x lies in the buffer that is written: both are bound for writing. */
  readonly beside?: boolean;
}

/** Products with so many multiply–adds are worth a text of their own, and to be measured. */
export const large: number = 2 ** 21;

export const multiplyAddsOf = ({ images, groups, to, columns, depth, kernel }: Windows): number =>
  images * groups * sizeOf(to) * columns * depth * sizeOf(kernel);

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
