/**
 * @packageDocumentation What the author of a backend needs, and no more: the contract, the attributes of every op, and
 * the helpers that the contract's values are read with. `docs/architecture.md` tells the whole; `template/` is a start.
 */
export * from "./contract.ts";
export * from "./dtype.ts";
export * from "./errors.ts";
export type { ErrorFacts } from "./language.ts";
export * from "./shape.ts";
export { binaryFunction } from "./ops/binary.ts";
export { castFunction } from "./ops/cast.ts";
export { mix } from "./ops/random.ts";
export { unaryFunction } from "./ops/unary.ts";
export { checkChoice, checkOptions } from "./operand.ts";
export { compositeNames, primitiveNames } from "./ops/index.ts";
export type * from "./ops/index.ts";
export type { Activation } from "./activation.ts";
export type { Geometry, Pair } from "./geometry.ts";
export type { Spec } from "./op.ts";
export type { ArgReduceAttrs } from "./ops/argReduce.ts";
export type { BatchNormAttrs } from "./ops/batchNorm.ts";
export type { BinaryAttrs, BinaryFn } from "./ops/binary.ts";
export type { BroadcastAttrs } from "./ops/broadcast.ts";
export type { CastAttrs } from "./ops/cast.ts";
export type { ConcatAttrs } from "./ops/concat.ts";
export type { ConvAttrs } from "./ops/conv2d.ts";
export type { ConvBlockAttrs } from "./ops/convBlock.ts";
export type { CrossEntropyAttrs } from "./ops/crossEntropy.ts";
export type { DetachAttrs } from "./ops/detach.ts";
export type { GatherAttrs, ScatterAddAttrs } from "./ops/gather.ts";
export type { GeluAttrs } from "./ops/gelu.ts";
export type { GroupNormAttrs } from "./ops/groupNorm.ts";
export type { LayerNormAttrs } from "./ops/layerNorm.ts";
export type { LinearAttrs } from "./ops/linear.ts";
export type { MapAttrs, MapReduceAttrs, MapStep } from "./ops/map.ts";
export type { MatmulAttrs } from "./ops/matmul.ts";
export type { PadAttrs } from "./ops/pad.ts";
export type { PoolAttrs } from "./ops/pool2d.ts";
export type { RandomAttrs } from "./ops/random.ts";
export type { ReduceAttrs, ReduceFn } from "./ops/reduce.ts";
export type { ReshapeAttrs } from "./ops/reshape.ts";
export type { Coordinates, NearestRounding, ResizeAttrs } from "./ops/resize2d.ts";
export type { SelectAttrs } from "./ops/select.ts";
export type { SiluAttrs } from "./ops/silu.ts";
export type { SliceAttrs } from "./ops/slice.ts";
export type { SoftmaxAttrs } from "./ops/softmax.ts";
export type { TransposeAttrs } from "./ops/transpose.ts";
export type { UnaryAttrs, UnaryFn } from "./ops/unary.ts";
