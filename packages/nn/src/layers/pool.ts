/** Pooling layers, with PyTorch's defaults save `rounding` (its `ceil_mode: true` is "ceil", false is "floor"). */
import {
  checkOptions,
  avgPool2d as avgPool2dOf,
  checkPair,
  checkRank,
  checkRounding,
  constant,
  matmul,
  maxPool2d as maxPool2dOf,
  type Padding,
  type Pair,
  type Rounding,
  type Tensor,
} from "@tatamijs/core";
import { checkBoolean } from "../check.ts";
import { module, type Module } from "../module.ts";

export interface MaxPool2dOptions {
  /** Default: the kernel's size. */
  readonly stride?: number | Pair | undefined;
  /** Default 0. Never chosen as the maximum. */
  readonly padding?: Padding | undefined;
  /** Default 1. */
  readonly dilation?: number | Pair | undefined;
  /** Default "exact". */
  readonly rounding?: Rounding | undefined;
}

export interface AvgPool2dOptions extends Omit<MaxPool2dOptions, "dilation"> {
  /** Count padding as zeros in the mean. Default true. */
  readonly countIncludePad?: boolean | undefined;
}

/** The largest element of each window. @throws TatamiError `argument`; when called, as `maxPool2d`. */
export function maxPool2d(kernelSize: number | Pair, options?: MaxPool2dOptions): Module {
  const { stride, padding, dilation, rounding } = checkPool(kernelSize, options, "nn.maxPool2d");
  checkPair(dilation ?? 1, 1, "nn.maxPool2d", "dilation");
  return module(label("maxPool2d", kernelSize, stride), {
    forward: (x) => maxPool2dOf(x, kernelSize, { stride, padding, dilation, rounding }),
  });
}

/** The mean of each window. @throws TatamiError `argument`; when called, as `avgPool2d`. */
export function avgPool2d(kernelSize: number | Pair, options?: AvgPool2dOptions): Module {
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
export function adaptiveAvgPool2d(outputSize: number | Pair): Module {
  const op = "nn.adaptiveAvgPool2d";
  const output = checkPair(outputSize, 1, op, "outputSize");
  return module(`adaptiveAvgPool2d(${size(outputSize)})`, {
    ...(output[0] === 1 && output[1] === 1 ? { sees: "all" } : {}),
    forward(x) {
      checkRank(x, [3, 4], op, "x", "(C, H, W) or (N, C, H, W)");
      const [h, w] = [x.shape.at(-2)!, x.shape.at(-1)!];
      const even = h % output[0] === 0 && w % output[1] === 0;
      if (even) return avgPool2dOf(x, [h / output[0], w / output[1]]);
      // Windows of several sizes: a matrix of shares on either side, y = A·x·Bᵀ.
      return matmul(matmul(shares(h, output[0], false, x.shape.length), x), shares(w, output[1], true, x.shape.length));
    },
  });
}

/** [parts, size], row i holding 1/n over part i of n elements; or its transpose. Axes of size 1 in front up to `rank`. */
function shares(length: number, parts: number, turned: boolean, rank: number): Tensor {
  const values = new Float32Array(parts * length);
  for (let i = 0; i < parts; i++) {
    const [from, to] = [Math.floor((i * length) / parts), Math.ceil(((i + 1) * length) / parts)];
    for (let k = from; k < to; k++) values[turned ? k * parts + i : i * length + k] = 1 / (to - from);
  }
  const lead = Array.from({ length: rank - 2 }, () => 1);
  return constant(values, [...lead, ...(turned ? [length, parts] : [parts, length])]);
}
