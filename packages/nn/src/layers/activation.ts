/** Layers without states that work element by element, and those that only reshape. */
import {
  checkFinite,
  checkOptions,
  elu as eluOf,
  flatten as flattenOf,
  gelu as geluOf,
  hardSigmoid as hardSigmoidOf,
  hardSwish as hardSwishOf,
  leakyRelu as leakyReluOf,
  logSoftmax as logSoftmaxOf,
  relu as reluOf,
  relu6 as relu6Of,
  sigmoid as sigmoidOf,
  silu as siluOf,
  softmax as softmaxOf,
  tanh as tanhOf,
  type FlattenRule,
  type Same,
  type Tensor,
  wrongArgument,
} from "@tatamijs/core";
import { module, type Module, type Shaped } from "../module.ts";

/** max(x, 0). */
export const relu = (): Shaped<Same> => module("relu", { forward: (x) => reluOf(x) });
/** min(max(x, 0), 6). */
export const relu6 = (): Shaped<Same> => module("relu6", { forward: (x) => relu6Of(x) });
export const sigmoid = (): Shaped<Same> => module("sigmoid", { forward: (x) => sigmoidOf(x) });
export const tanh = (): Shaped<Same> => module("tanh", { forward: (x) => tanhOf(x) });
/** x·σ(x), also called swish. */
export const silu = (): Shaped<Same> => module("silu", { forward: (x) => siluOf(x) });
/** relu6(x + 3)/6. */
export const hardSigmoid = (): Shaped<Same> => module("hardSigmoid", { forward: (x) => hardSigmoidOf(x) });
/** x·hardSigmoid(x). */
export const hardSwish = (): Shaped<Same> => module("hardSwish", { forward: (x) => hardSwishOf(x) });

export interface GeluOptions {
  /** "none" (default): exact. "tanh": the approximation. */
  readonly approximate?: "none" | "tanh" | undefined;
}

/** x·Φ(x). @throws TatamiError `argument`. */
export function gelu(options?: GeluOptions): Shaped<Same> {
  const { approximate = "none" } = checkOptions(options ?? {}, "nn.gelu");
  if (approximate !== "none" && approximate !== "tanh")
    throw wrongArgument("nn.gelu", "approximate", approximate, '"none" or "tanh"');
  return module("gelu", { forward: (x) => geluOf(x, { approximate }) });
}

/** x where it is positive, else negativeSlope·x. Default slope 0.01. @throws TatamiError `argument`. */
export function leakyRelu(negativeSlope: number = 0.01): Shaped<Same> {
  checkFinite(negativeSlope, "nn.leakyRelu", "negativeSlope");
  return module(`leakyRelu(${negativeSlope})`, { forward: (x) => leakyReluOf(x, negativeSlope) });
}

/** x where it is positive, else alpha·(eˣ − 1). Default alpha 1. @throws TatamiError `argument`. */
export function elu(alpha: number = 1): Shaped<Same> {
  checkFinite(alpha, "nn.elu", "alpha");
  return module(`elu(${alpha})`, { forward: (x) => eluOf(x, alpha) });
}

/** Shares that sum to 1 along `dim` (default the last axis). Losses want logits: leave it out in training. */
export const softmax = (dim: number = -1): Shaped<Same> =>
  module(`softmax(${dim})`, { forward: (x) => softmaxOf(x, { axis: dim }) });
export const logSoftmax = (dim: number = -1): Shaped<Same> =>
  module(`logSoftmax(${dim})`, { forward: (x) => logSoftmaxOf(x, { axis: dim }) });

/** Axes from startDim (default 1) on as one. */
export const flatten = <const A extends number = 1>(startDim?: A): Shaped<FlattenRule<A>> =>
  module("flatten", { forward: (x) => flattenOf(x, startDim) });

/** x. */
export const identity = (): Shaped<Same> => module("identity", { forward: (x) => x });

/** A function of one tensor as a layer: `nn.lambda((x) => mul(x, 2))`. @throws TatamiError `argument`. */
export function lambda(f: (x: Tensor) => Tensor): Module {
  if (typeof f !== "function") throw wrongArgument("nn.lambda", "f", f, "a function from tensor to tensor");
  return module(f.name === "" ? "lambda" : f.name, { forward: (x) => f(x) });
}
