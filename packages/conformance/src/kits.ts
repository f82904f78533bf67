/** Every op's column of this kit by name. A new op of core does not compile here until it has a meaning. */
import type { OpName } from "@tatamijs/core";
import type { AnyKit } from "./meaning.ts";
import { binaryKit } from "./ops/binary.ts";
import { conv2dInputGradKit, conv2dKit, conv2dWeightGradKit } from "./ops/conv2d.ts";
import { unaryKit } from "./ops/unary.ts";

export const kits: { readonly [N in OpName]?: AnyKit } = {
  unary: unaryKit,
  binary: binaryKit,
  conv2d: conv2dKit,
  conv2dInputGrad: conv2dInputGradKit,
  conv2dWeightGrad: conv2dWeightGradKit,
};

export const kitOf = (op: OpName): AnyKit => kits[op]!;
