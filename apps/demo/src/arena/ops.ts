/** The ops of the kit, in the order of its matrix. A test holds this against the kit's own cases. */
import type { OpName } from "@tatamijs/core";

export type OpGroup = "images" | "sums" | "elements" | "moves";

export const opGroups: Readonly<Record<OpGroup, readonly OpName[]>> = {
  images: [
    "conv2d",
    "conv2dInputGrad",
    "conv2dWeightGrad",
    "convBlock",
    "pool2d",
    "pool2dGrad",
    "resize2d",
    "resize2dGrad",
    "pad",
  ],
  sums: [
    "matmul",
    "linear",
    "reduce",
    "argReduce",
    "mapReduce",
    "softmax",
    "logSoftmax",
    "crossEntropy",
    "batchNorm",
    "layerNorm",
    "groupNorm",
  ],
  elements: ["unary", "binary", "select", "cast", "map", "gelu", "silu", "random"],
  moves: ["reshape", "detach", "transpose", "broadcast", "slice", "concat", "gather", "scatterAdd"],
};

export const allOps: readonly OpName[] = Object.values(opGroups).flat();
