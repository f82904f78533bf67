/** Layers without states that work element by element, and those that only reshape. */
import {
  flatten as flattenOf,
  gelu as geluOf,
  less,
  logSoftmax as logSoftmaxOf,
  minimum,
  mul,
  relu as reluOf,
  select,
  sigmoid as sigmoidOf,
  silu as siluOf,
  softmax as softmaxOf,
  tanh as tanhOf,
  checkOptions,
  type Tensor,
} from "@tatamijs/core";
import { checkNumber, wrong } from "../check.ts";
import { module, type Module } from "../module.ts";

/** max(x, 0). */
export const relu = (): Module => module("relu", { forward: (x) => reluOf(x) });
/** min(max(x, 0), 6). */
export const relu6 = (): Module => module("relu6", { forward: (x) => minimum(reluOf(x), 6) });
export const sigmoid = (): Module => module("sigmoid", { forward: (x) => sigmoidOf(x) });
export const tanh = (): Module => module("tanh", { forward: (x) => tanhOf(x) });
/** x·σ(x), also called swish. */
export const silu = (): Module => module("silu", { forward: (x) => siluOf(x) });

export interface GeluOptions {
  /** "none" (default): exact. "tanh": the approximation. */
  readonly approximate?: "none" | "tanh" | undefined;
}

/** x·Φ(x). @throws TatamiError `argument`. */
export function gelu(options?: GeluOptions): Module {
  const { approximate = "none" } = checkOptions(options ?? {}, "nn.gelu");
  if (approximate !== "none" && approximate !== "tanh") throw wrong("nn.gelu", "approximate", approximate, '"none" or "tanh"');
  return module("gelu", { forward: (x) => geluOf(x, { approximate }) });
}

/** x where it is positive, else negativeSlope·x. Default slope 0.01. @throws TatamiError `argument`. */
export function leakyRelu(negativeSlope: number = 0.01): Module {
  checkNumber(negativeSlope, "nn.leakyRelu", "negativeSlope", 0);
  return module(`leakyRelu(${negativeSlope})`, { forward: (x) => select(less(x, 0), mul(x, negativeSlope), x) });
}

/** Shares that sum to 1 along `dim` (default the last axis). Losses want logits: leave it out in training. */
export const softmax = (dim: number = -1): Module => module(`softmax(${dim})`, { forward: (x) => softmaxOf(x, { axis: dim }) });
export const logSoftmax = (dim: number = -1): Module => module(`logSoftmax(${dim})`, { forward: (x) => logSoftmaxOf(x, { axis: dim }) });

/** Axes from startDim (default 1) on as one. */
export const flatten = (startDim: number = 1): Module => module("flatten", { forward: (x) => flattenOf(x, startDim) });

/** x. */
export const identity = (): Module => module("identity", { forward: (x) => x });

/** A function of one tensor as a layer: `nn.lambda((x) => mul(x, 2))`. @throws TatamiError `argument`. */
export function lambda(f: (x: Tensor) => Tensor): Module {
  if (typeof f !== "function") throw wrong("nn.lambda", "f", f, "a function from tensor to tensor");
  return module(f.name === "" ? "lambda" : f.name, { forward: (x) => f(x) });
}
