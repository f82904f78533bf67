/**
 * Convolution layers. Depthwise: `groups` = inChannels. Options and defaults are PyTorch's, save `rounding` (its layers
 * silently leave rows unread where the stride does not divide; here that is an error unless `rounding: "floor"`).
 *
 * The stored weight is what the kernels read, (FN, FH, FW, C/groups); `state.weight` says it as PyTorch does.
 */
import {
  checkBoolean,
  checkChoice,
  checkGroups,
  checkWhole,
  checkOptions,
  checkPair,
  checkRounding,
  conv1d as conv1dOf,
  conv2d as conv2dOf,
  convTranspose2d as convTranspose2dOf,
  channelsFirst,
  paddingModes,
  sizeOf,
  type Pair,
  type Padding,
  type Conv1dRule,
  type Conv2dRule,
  type ConvTranspose2dRule,
  type Fits,
  type Grouped,
  type RowPadding,
  type PaddingMode,
  type Rounding,
} from "@tatamijs/core";
import { module, type Module, type Shaped } from "../module.ts";
import { bias as drawBias, weight as drawWeight, type WeightOptions } from "./weights.ts";

export interface Conv2dOptions<
  S extends number | Pair = number | Pair,
  P extends Padding = Padding,
  D extends number | Pair = number | Pair,
  R extends Rounding = Rounding,
  G extends number = number,
> extends WeightOptions {
  /** Default 1. */
  readonly stride?: S | undefined;
  /** Default 0. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** Default 1; = inChannels: depthwise. */
  readonly groups?: G | undefined;
  /** Default "zeros". */
  readonly paddingMode?: PaddingMode | undefined;
  /** Default "exact": an output size that is no whole number is an error. PyTorch's is "floor". */
  readonly rounding?: R | undefined;
}

/** (N, inChannels, H, W) → (N, outChannels, OH, OW). @throws TatamiError `argument`, `groups`; when called, as `conv2d`. */
export function conv2d<
  const C extends number,
  const FN extends number,
  const K extends number | Pair,
  const S extends number | Pair = 1,
  const P extends Padding = 0,
  const D extends number | Pair = 1,
  const R extends Rounding = "exact",
  const G extends number = 1,
>(
  inChannels: C & Fits<Grouped<C, FN, G, "nn.conv2d">>,
  outChannels: FN,
  kernelSize: K,
  options?: Conv2dOptions<S, P, D, R, G>,
): Shaped<Conv2dRule<C, FN, K, S, P, D, R, G>>;
export function conv2d(
  inChannels: number,
  outChannels: number,
  kernelSize: number | Pair,
  options?: Conv2dOptions,
): Module {
  const op = "nn.conv2d";
  const { groups, ...given } = checkConv(inChannels, outChannels, options, op);
  const kernel = checkPair(kernelSize, 1, op, "kernelSize");
  checkPair(given.stride ?? 1, 1, op, "stride");
  checkPair(given.dilation ?? 1, 1, op, "dilation");
  const depth = inChannels / groups;
  const fans = { fanIn: depth * sizeOf(kernel), fanOut: (outChannels / groups) * sizeOf(kernel) };
  const weight = drawWeight([outChannels, ...kernel, depth], fans, given, op, channelsFirst);
  const bias = (given.bias ?? true) ? drawBias(outChannels, fans, given) : undefined;
  return module(label("conv2d", inChannels, outChannels, kernelSize, options), {
    state: bias === undefined ? { weight } : { weight, bias },
    macs: (_, y) => sizeOf(y.shape) * depth * sizeOf(kernel),
    forward: (x) => conv2dOf(x, weight, { ...windowOf(given), bias, groups, paddingMode: given.paddingMode }),
  });
}

export interface Conv1dOptions<
  S extends number = number,
  P extends RowPadding = RowPadding,
  D extends number = number,
  R extends Rounding = Rounding,
  G extends number = number,
> extends WeightOptions {
  /** Default 1. */
  readonly stride?: S | undefined;
  /** A number, [before, after], "same" or "valid". Default 0. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  readonly groups?: G | undefined;
  readonly paddingMode?: PaddingMode | undefined;
  readonly rounding?: R | undefined;
}

/** (N, inChannels, L) → (N, outChannels, OL). @throws TatamiError `argument`, `groups`; when called, as `conv1d`. */
export function conv1d<
  const C extends number,
  const FN extends number,
  const K extends number,
  const S extends number = 1,
  const P extends RowPadding = 0,
  const D extends number = 1,
  const R extends Rounding = "exact",
  const G extends number = 1,
>(
  inChannels: C & Fits<Grouped<C, FN, G, "nn.conv1d">>,
  outChannels: FN,
  kernelSize: K,
  options?: Conv1dOptions<S, P, D, R, G>,
): Shaped<Conv1dRule<C, FN, K, S, P, D, R, G>>;
export function conv1d(inChannels: number, outChannels: number, kernelSize: number, options?: Conv1dOptions): Module {
  const op = "nn.conv1d";
  const { groups, ...given } = checkConv(inChannels, outChannels, options, op);
  checkWhole(kernelSize, 1, op, "kernelSize");
  checkWhole(given.stride ?? 1, 1, op, "stride");
  checkWhole(given.dilation ?? 1, 1, op, "dilation");
  const depth = inChannels / groups;
  const fans = { fanIn: depth * kernelSize, fanOut: (outChannels / groups) * kernelSize };
  const weight = drawWeight([outChannels, kernelSize, depth], fans, given, op, [0, 2, 1]);
  const bias = (given.bias ?? true) ? drawBias(outChannels, fans, given) : undefined;
  return module(label("conv1d", inChannels, outChannels, kernelSize, options), {
    state: bias === undefined ? { weight } : { weight, bias },
    macs: (_, y) => sizeOf(y.shape) * depth * kernelSize,
    forward: (x) => conv1dOf(x, weight, { ...windowOf(given), bias, groups, paddingMode: given.paddingMode }),
  });
}

export interface ConvTranspose2dOptions<
  S extends number | Pair = number | Pair,
  P extends number | Pair | Pair<Pair> = number | Pair | Pair<Pair>,
  D extends number | Pair = number | Pair,
  M extends number | Pair = number | Pair,
  G extends number = number,
> extends WeightOptions {
  /** Default 1. */
  readonly stride?: S | undefined;
  /** Default 0. */
  readonly padding?: P | undefined;
  /** Default 0. */
  readonly outputPadding?: M | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** Default 1. */
  readonly groups?: G | undefined;
}

/**
 * (N, inChannels, H, W) → (N, outChannels, OH, OW), OH = (H − 1)·S − 2P + D·(FH − 1) + 1 + outputPadding.
 * The weight is (inChannels, outChannels/groups, FH, FW), and its fan-in is taken over axis 1, both as in PyTorch.
 * @throws TatamiError `argument`, `groups`; when called, as `convTranspose2d`.
 */
export function convTranspose2d<
  const C extends number,
  const FN extends number,
  const K extends number | Pair,
  const S extends number | Pair = 1,
  const P extends number | Pair | Pair<Pair> = 0,
  const D extends number | Pair = 1,
  const M extends number | Pair = 0,
  const G extends number = 1,
>(
  inChannels: C & Fits<Grouped<C, FN, G, "nn.convTranspose2d">>,
  outChannels: FN,
  kernelSize: K,
  options?: ConvTranspose2dOptions<S, P, D, M, G>,
): Shaped<ConvTranspose2dRule<C, FN, K, S, P, D, M, G>>;
export function convTranspose2d(
  inChannels: number,
  outChannels: number,
  kernelSize: number | Pair,
  options?: ConvTranspose2dOptions,
): Module {
  const op = "nn.convTranspose2d";
  const { groups, ...given } = checkConv(inChannels, outChannels, options, op);
  const kernel = checkPair(kernelSize, 1, op, "kernelSize");
  checkPair(given.stride ?? 1, 1, op, "stride");
  checkPair(given.dilation ?? 1, 1, op, "dilation");
  checkPair(given.outputPadding ?? 0, 0, op, "outputPadding");
  const depth = outChannels / groups;
  const fans = { fanIn: depth * sizeOf(kernel), fanOut: (inChannels / groups) * sizeOf(kernel) };
  const weight = drawWeight([inChannels, ...kernel, depth], fans, given, op, channelsFirst);
  const bias = (given.bias ?? true) ? drawBias(outChannels, fans, given) : undefined;
  const { stride, padding, dilation, outputPadding } = given;
  return module(label("convTranspose2d", inChannels, outChannels, kernelSize, options), {
    state: bias === undefined ? { weight } : { weight, bias },
    macs: (x) => sizeOf(x.shape) * depth * sizeOf(kernel),
    forward: (x) => convTranspose2dOf(x, weight, { stride, padding, dilation, outputPadding, bias, groups }),
  });
}

function checkConv<
  T extends WeightOptions & {
    groups?: number | undefined;
    paddingMode?: PaddingMode | undefined;
    rounding?: Rounding | undefined;
  },
>(inChannels: number, outChannels: number, options: T | undefined, op: string): T & { groups: number } {
  const given = checkOptions(options ?? ({} as T), op);
  checkWhole(inChannels, 1, op, "inChannels");
  checkWhole(outChannels, 1, op, "outChannels");
  checkBoolean(given.bias ?? true, op, "bias");
  checkRounding(given.rounding ?? "exact", op);
  checkChoice(given.paddingMode ?? "zeros", paddingModes, op, "paddingMode");
  const { groups = 1 } = given;
  checkGroups(op, groups, inChannels, outChannels);
  return { ...given, groups };
}

const windowOf = <S, P, D>({
  stride,
  padding,
  dilation,
  rounding,
}: {
  stride?: S;
  padding?: P;
  dilation?: D;
  rounding?: Rounding | undefined;
}): {
  stride: S | undefined;
  padding: P | undefined;
  dilation: D | undefined;
  rounding: Rounding | undefined;
} => ({ stride, padding, dilation, rounding });

/** `conv2d(8, 16, 3, stride 2, padding 1)` */
function label(
  name: string,
  inChannels: number,
  outChannels: number,
  kernel: number | Pair,
  options: object | undefined,
): string {
  const parts: string[] = [
    `${inChannels}`,
    `${outChannels}`,
    Array.isArray(kernel) ? kernel.join("×") : `${kernel as number}`,
  ];
  for (const [key, value] of Object.entries(options ?? {})) {
    if (["number", "string", "boolean"].includes(typeof value) || Array.isArray(value))
      parts.push(`${key} ${String(value)}`);
  }
  return `${name}(${parts.join(", ")})`;
}
