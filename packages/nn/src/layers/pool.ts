/** Pooling layers, with PyTorch's defaults save `rounding` (its `ceil_mode: true` is "ceil", false is "floor"). */
import {
  checkBoolean,
  checkOptions,
  adaptiveAvgPool2d as adaptiveAvgPool2dOf,
  avgPool2d as avgPool2dOf,
  checkPair,
  checkRounding,
  maxPool2d as maxPool2dOf,
  type AdaptivePoolRule,
  type Padding,
  type Pair,
  type Pool2dRule,
  type Rounding,
} from "@tatamijs/core";
import { module, type Shaped } from "../module.ts";

export interface MaxPool2dOptions<
  S extends number | Pair | undefined = number | Pair | undefined,
  P extends Padding = Padding,
  D extends number | Pair = number | Pair,
  R extends Rounding = Rounding,
> {
  /** Default: the kernel's size. */
  readonly stride?: S | undefined;
  /** Default 0. Never chosen as the maximum. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** Default "exact". */
  readonly rounding?: R | undefined;
}

export interface AvgPool2dOptions<
  S extends number | Pair | undefined = number | Pair | undefined,
  P extends Padding = Padding,
  R extends Rounding = Rounding,
> extends Omit<MaxPool2dOptions<S, P, number, R>, "dilation"> {
  /** Count padding as zeros in the mean. Default true. */
  readonly countIncludePad?: boolean | undefined;
}

/** The largest element of each window. @throws TatamiError `argument`; when called, as `maxPool2d`. */
export function maxPool2d<
  const K extends number | Pair,
  const S extends number | Pair | undefined = undefined,
  const P extends Padding = 0,
  const D extends number | Pair = 1,
  const R extends Rounding = "exact",
>(kernelSize: K, options?: MaxPool2dOptions<S, P, D, R>): Shaped<Pool2dRule<K, S, P, D, R, "maxPool2d">> {
  const { stride, padding, dilation, rounding } = checkPool(kernelSize, options, "nn.maxPool2d");
  checkPair(dilation ?? 1, 1, "nn.maxPool2d", "dilation");
  return module(label("maxPool2d", kernelSize, stride), {
    forward: (x) => maxPool2dOf(x, kernelSize, { stride, padding, dilation, rounding }),
  });
}

/** The mean of each window. @throws TatamiError `argument`; when called, as `avgPool2d`. */
export function avgPool2d<
  const K extends number | Pair,
  const S extends number | Pair | undefined = undefined,
  const P extends Padding = 0,
  const R extends Rounding = "exact",
>(kernelSize: K, options?: AvgPool2dOptions<S, P, R>): Shaped<Pool2dRule<K, S, P, 1, R, "avgPool2d">> {
  const { stride, padding, rounding, countIncludePad } = checkPool(kernelSize, options, "nn.avgPool2d");
  checkBoolean(countIncludePad ?? true, "nn.avgPool2d", "countIncludePad");
  return module(label("avgPool2d", kernelSize, stride), {
    forward: (x) => avgPool2dOf(x, kernelSize, { stride, padding, rounding, countIncludePad }),
  });
}

function checkPool<T extends MaxPool2dOptions>(kernelSize: unknown, options: T | undefined, op: string): T {
  const given = checkOptions(options ?? ({} as T), op);
  checkPair(kernelSize, 1, op, "kernelSize");
  checkPair(given.stride ?? 1, 1, op, "stride");
  checkRounding(given.rounding ?? "exact", op);
  return given;
}

const size = (value: number | Pair): string => (typeof value === "number" ? `${value}` : value.join("×"));
const label = (name: string, kernel: number | Pair, stride: number | Pair | undefined): string =>
  `${name}(${size(kernel)}${stride === undefined ? "" : `, stride ${size(stride)}`})`;

/**
 * Means over windows that divide the map into outputSize parts of (nearly) one size: part i of O along H elements is
 * [⌊i·H/O⌋, ⌈(i + 1)·H/O⌉). `adaptiveAvgPool2d(1)` is the mean of each map.
 * @throws TatamiError `argument`.
 */
export function adaptiveAvgPool2d<const O extends number | Pair>(outputSize: O): Shaped<AdaptivePoolRule<O>> {
  const output = checkPair(outputSize, 1, "nn.adaptiveAvgPool2d", "outputSize");
  return module(`adaptiveAvgPool2d(${size(outputSize)})`, {
    ...(output[0] === 1 && output[1] === 1 ? { sees: "all" } : {}),
    forward: (x) => adaptiveAvgPool2dOf(x, outputSize),
  });
}
