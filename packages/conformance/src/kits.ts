/** Every op's column of this kit by name. A new op of core does not compile here until it has a meaning. */
import type { Attrs, OpName } from "@tatamijs/core";
import type { AnyKit, OpKit } from "./meaning.ts";
import { argReduceKit } from "./ops/argReduce.ts";
import { batchNormKit } from "./ops/batchNorm.ts";
import { binaryKit } from "./ops/binary.ts";
import { broadcastKit } from "./ops/broadcast.ts";
import { castKit } from "./ops/cast.ts";
import { concatKit } from "./ops/concat.ts";
import { conv2dInputGradKit, conv2dKit, conv2dWeightGradKit } from "./ops/conv2d.ts";
import { convBlockKit } from "./ops/convBlock.ts";
import { crossEntropyKit } from "./ops/crossEntropy.ts";
import { detachKit } from "./ops/detach.ts";
import { gatherKit, scatterAddKit } from "./ops/gather.ts";
import { geluKit } from "./ops/gelu.ts";
import { groupNormKit } from "./ops/groupNorm.ts";
import { layerNormKit } from "./ops/layerNorm.ts";
import { linearKit } from "./ops/linear.ts";
import { logSoftmaxKit } from "./ops/logSoftmax.ts";
import { mapKit, mapReduceKit } from "./ops/map.ts";
import { matmulKit } from "./ops/matmul.ts";
import { padKit } from "./ops/pad.ts";
import { pool2dGradKit, pool2dKit } from "./ops/pool2d.ts";
import { randomKit } from "./ops/random.ts";
import { reduceKit } from "./ops/reduce.ts";
import { reshapeKit } from "./ops/reshape.ts";
import { resize2dGradKit, resize2dKit } from "./ops/resize2d.ts";
import { selectKit } from "./ops/select.ts";
import { siluKit } from "./ops/silu.ts";
import { sliceKit } from "./ops/slice.ts";
import { softmaxKit } from "./ops/softmax.ts";
import { transposeKit } from "./ops/transpose.ts";
import { unaryKit } from "./ops/unary.ts";

export const kits: { readonly [N in OpName]: OpKit<Attrs<N>> } = {
  unary: unaryKit,
  binary: binaryKit,
  select: selectKit,
  cast: castKit,
  reduce: reduceKit,
  argReduce: argReduceKit,
  reshape: reshapeKit,
  detach: detachKit,
  transpose: transposeKit,
  broadcast: broadcastKit,
  slice: sliceKit,
  pad: padKit,
  concat: concatKit,
  gather: gatherKit,
  scatterAdd: scatterAddKit,
  matmul: matmulKit,
  conv2d: conv2dKit,
  conv2dInputGrad: conv2dInputGradKit,
  conv2dWeightGrad: conv2dWeightGradKit,
  pool2d: pool2dKit,
  pool2dGrad: pool2dGradKit,
  resize2d: resize2dKit,
  resize2dGrad: resize2dGradKit,
  random: randomKit,
  convBlock: convBlockKit,
  linear: linearKit,
  softmax: softmaxKit,
  logSoftmax: logSoftmaxKit,
  crossEntropy: crossEntropyKit,
  batchNorm: batchNormKit,
  layerNorm: layerNormKit,
  groupNorm: groupNormKit,
  gelu: geluKit,
  silu: siluKit,
  map: mapKit,
  mapReduce: mapReduceKit,
};

export const kitOf = (op: OpName): AnyKit => kits[op];
