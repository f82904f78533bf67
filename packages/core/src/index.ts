/**
 * @packageDocumentation Tensors, shapes, ops, layers and the backend contract. Imports nothing.
 *
 * First what users call, then what authors of ops, passes and layers need. Kernels are written against `@tatamijs/core/backend`.
 */
export * from "./ops/activations.ts";
export { adaptiveAvgPool2d } from "./ops/adaptiveAvgPool2d.ts";
export { argmax, argmin, type ArgOptions, type ArgReduceAttrs } from "./ops/argReduce.ts";
export { batchNorm, batchStatistics, type BatchNormAttrs, type BatchNormOptions } from "./ops/batchNorm.ts";
export {
  add,
  and,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mod,
  mul,
  notEqual,
  or,
  pow,
  sub,
  xor,
  type BinaryAttrs,
  type BinaryFn,
} from "./ops/binary.ts";
export { broadcast, type BroadcastAttrs } from "./ops/broadcast.ts";
export { cast, type CastAttrs } from "./ops/cast.ts";
export { concat, split, stack, type ConcatAttrs } from "./ops/concat.ts";
export { conv1d, convTranspose1d, type Conv1dOptions, type ConvTranspose1dOptions } from "./ops/conv1d.ts";
export { checkGroups, conv2d, type ConvAttrs, type ConvOptions } from "./ops/conv2d.ts";
export { type ConvBlockAttrs } from "./ops/convBlock.ts";
export { convTranspose2d, type ConvTransposeOptions } from "./ops/convTranspose2d.ts";
export { crossEntropy, type CrossEntropyAttrs, type CrossEntropyOptions } from "./ops/crossEntropy.ts";
export { detach, type DetachAttrs } from "./ops/detach.ts";
export { full, ones, zeros } from "./ops/full.ts";
export { gather, scatterAdd, type GatherAttrs, type ScatterAddAttrs } from "./ops/gather.ts";
export { gelu, type GeluAttrs, type GeluOptions } from "./ops/gelu.ts";
export { groupNorm, type GroupNormAttrs, type GroupNormOptions } from "./ops/groupNorm.ts";
export { layerNorm, type LayerNormAttrs, type LayerNormOptions } from "./ops/layerNorm.ts";
export {
  checkLayout,
  constant,
  input,
  state,
  type InputOptions,
  type Layout,
  type LeafAttrs,
  type Nested,
} from "./ops/leaf.ts";
export { channelsFirst, channelsLast } from "./ops/image.ts";
export { linear, type LinearAttrs } from "./ops/linear.ts";
export { logSoftmax } from "./ops/logSoftmax.ts";
export { mapOp, mapReduceOp, type MapAttrs, type MapReduceAttrs, type MapStep } from "./ops/map.ts";
export { matmul, matrixTranspose, type MatmulAttrs } from "./ops/matmul.ts";
export { flip, pad, paddingModes, type PadAttrs, type PaddingMode, type PadOptions } from "./ops/pad.ts";
export { avgPool1d, maxPool1d, type AvgPool1dOptions, type Pool1dOptions } from "./ops/pool1d.ts";
export { avgPool2d, maxPool2d, type AvgPoolOptions, type PoolAttrs, type PoolOptions } from "./ops/pool2d.ts";
export { mix, random, type RandomAttrs } from "./ops/random.ts";
export {
  max,
  mean,
  min,
  prod,
  reduceOp,
  sum,
  type Axes,
  type ReduceAttrs,
  type ReduceFn,
  type ReduceOptions,
} from "./ops/reduce.ts";
export { flatten, reshape, squeeze, unsqueeze, type ReshapeAttrs } from "./ops/reshape.ts";
export {
  resize2d,
  type Coordinates,
  type NearestRounding,
  type ResizeAttrs,
  type ResizeOptions,
} from "./ops/resize2d.ts";
export { select, where, type SelectAttrs } from "./ops/select.ts";
export { silu, type SiluAttrs } from "./ops/silu.ts";
export { narrow, slice, type SliceAttrs, type SliceOptions } from "./ops/slice.ts";
export { softmax, type SoftmaxAttrs, type SoftmaxOptions } from "./ops/softmax.ts";
export { logSumExp, std, variance, type VarianceOptions } from "./ops/statistics.ts";
export { transpose, transposeOp, type TransposeAttrs } from "./ops/transpose.ts";
export {
  abs,
  ceil,
  copy,
  cos,
  erf,
  exp,
  expm1,
  floor,
  isNaN,
  log,
  log1p,
  neg,
  not,
  reciprocal,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  tanh,
  type UnaryAttrs,
  type UnaryFn,
} from "./ops/unary.ts";

export type * from "./contract.ts";
export * from "./layer.ts";
export * from "./op.ts";
export * from "./ops/index.ts";
export { activate, activationNames, type Activation } from "./activation.ts";
export * from "./dtype.ts";
export * from "./errors.ts";
export { english, speak, type ErrorFacts, type Language } from "./language.ts";
export {
  checkPair,
  checkRounding,
  transposedGeometry,
  windowGeometry,
  type Geometry,
  type Padding,
  type Pair,
  type Rounding,
  type RowPadding,
  type TransposedOptions,
  type WindowOptions,
} from "./geometry.ts";
export { extent, type Fix, type SizeDetails, type SizeInputs } from "./fixes.ts";
export {
  checkBoolean,
  checkChoice,
  checkFinite,
  checkOperandDType,
  checkOptions,
  checkRank,
  checkTensor,
  checkWhole,
  toFloat,
  type TensorLike,
} from "./operand.ts";
export * from "./shape.ts";
export type * from "./shapes/index.ts";
export * from "./tensor.ts";
