/** The vocabulary: every op record by name. Adding an op is one file, its attributes here, its record here. */
import type { AnyOp, Composite, Primitive } from "../op.ts";
import { argReduceOp, type ArgReduceAttrs } from "./argReduce.ts";
import { batchNormOp, type BatchNormAttrs } from "./batchNorm.ts";
import { binaryOp, type BinaryAttrs } from "./binary.ts";
import { broadcastOp, type BroadcastAttrs } from "./broadcast.ts";
import { castOp, type CastAttrs } from "./cast.ts";
import { concatOp, type ConcatAttrs } from "./concat.ts";
import { conv2dInputGradOp, conv2dOp, conv2dWeightGradOp, type ConvAttrs } from "./conv2d.ts";
import { convBlockOp, type ConvBlockAttrs } from "./convBlock.ts";
import { crossEntropyOp, type CrossEntropyAttrs } from "./crossEntropy.ts";
import { detachOp, type DetachAttrs } from "./detach.ts";
import { gatherOp, scatterAddOp, type GatherAttrs, type ScatterAddAttrs } from "./gather.ts";
import { geluOp, type GeluAttrs } from "./gelu.ts";
import { groupNormOp, type GroupNormAttrs } from "./groupNorm.ts";
import { layerNormOp, type LayerNormAttrs } from "./layerNorm.ts";
import { linearOp, type LinearAttrs } from "./linear.ts";
import { logSoftmaxOp } from "./logSoftmax.ts";
import { mapOp, mapReduceOp, type MapAttrs, type MapReduceAttrs } from "./map.ts";
import { matmulOp, type MatmulAttrs } from "./matmul.ts";
import { padOp, type PadAttrs } from "./pad.ts";
import { pool2dGradOp, pool2dOp, type PoolAttrs } from "./pool2d.ts";
import { randomOp, type RandomAttrs } from "./random.ts";
import { reduceOp, type ReduceAttrs } from "./reduce.ts";
import { reshapeOp, type ReshapeAttrs } from "./reshape.ts";
import { resize2dGradOp, resize2dOp, type ResizeAttrs } from "./resize2d.ts";
import { selectOp, type SelectAttrs } from "./select.ts";
import { siluOp, type SiluAttrs } from "./silu.ts";
import { softmaxOp, type SoftmaxAttrs } from "./softmax.ts";
import { sliceOp, type SliceAttrs } from "./slice.ts";
import { transposeOp, type TransposeAttrs } from "./transpose.ts";
import { unaryOp, type UnaryAttrs } from "./unary.ts";

/** Attributes of the primitives, by name. */
export interface PrimitiveAttrs {
  readonly unary: UnaryAttrs;
  readonly binary: BinaryAttrs;
  readonly select: SelectAttrs;
  readonly cast: CastAttrs;
  readonly reduce: ReduceAttrs;
  readonly argReduce: ArgReduceAttrs;
  readonly reshape: ReshapeAttrs;
  readonly detach: DetachAttrs;
  readonly transpose: TransposeAttrs;
  readonly broadcast: BroadcastAttrs;
  readonly slice: SliceAttrs;
  readonly pad: PadAttrs;
  readonly concat: ConcatAttrs;
  readonly gather: GatherAttrs;
  readonly scatterAdd: ScatterAddAttrs;
  readonly matmul: MatmulAttrs;
  readonly conv2d: ConvAttrs;
  readonly conv2dInputGrad: ConvAttrs;
  readonly conv2dWeightGrad: ConvAttrs;
  readonly pool2d: PoolAttrs;
  readonly pool2dGrad: PoolAttrs;
  readonly resize2d: ResizeAttrs;
  readonly resize2dGrad: ResizeAttrs;
  readonly random: RandomAttrs;
}

/** Attributes of the composites, by name. */
export interface CompositeAttrs {
  readonly convBlock: ConvBlockAttrs;
  readonly linear: LinearAttrs;
  readonly softmax: SoftmaxAttrs;
  readonly logSoftmax: SoftmaxAttrs;
  readonly crossEntropy: CrossEntropyAttrs;
  readonly batchNorm: BatchNormAttrs;
  readonly layerNorm: LayerNormAttrs;
  readonly groupNorm: GroupNormAttrs;
  readonly gelu: GeluAttrs;
  readonly silu: SiluAttrs;
  readonly map: MapAttrs;
  readonly mapReduce: MapReduceAttrs;
}

export type PrimitiveName = keyof PrimitiveAttrs;
export type CompositeName = keyof CompositeAttrs;
export type OpName = PrimitiveName | CompositeName;
/** The attributes of an op by its name: `Attrs<"conv2d">` is `ConvAttrs`. */
export type Attrs<N extends OpName> = (PrimitiveAttrs & CompositeAttrs)[N];

/** What every backend has a kernel for, or declines. Leaves (`input`, `constant`, `state`) are computed by nobody. */
export const primitives: { readonly [N in PrimitiveName]: Primitive<PrimitiveAttrs[N]> } = {
  unary: unaryOp,
  binary: binaryOp,
  select: selectOp,
  cast: castOp,
  reduce: reduceOp,
  argReduce: argReduceOp,
  reshape: reshapeOp,
  detach: detachOp,
  transpose: transposeOp,
  broadcast: broadcastOp,
  slice: sliceOp,
  pad: padOp,
  concat: concatOp,
  gather: gatherOp,
  scatterAdd: scatterAddOp,
  matmul: matmulOp,
  conv2d: conv2dOp,
  conv2dInputGrad: conv2dInputGradOp,
  conv2dWeightGrad: conv2dWeightGradOp,
  pool2d: pool2dOp,
  pool2dGrad: pool2dGradOp,
  resize2d: resize2dOp,
  resize2dGrad: resize2dGradOp,
  random: randomOp,
};

/** What a backend may run whole; else it is opened into its expansion. */
export const composites: { readonly [N in CompositeName]: Composite<CompositeAttrs[N]> } = {
  convBlock: convBlockOp,
  linear: linearOp,
  softmax: softmaxOp,
  logSoftmax: logSoftmaxOp,
  crossEntropy: crossEntropyOp,
  batchNorm: batchNormOp,
  layerNorm: layerNormOp,
  groupNorm: groupNormOp,
  gelu: geluOp,
  silu: siluOp,
  map: mapOp,
  mapReduce: mapReduceOp,
};

// Written out, not read from the tables: who needs the names alone (a backend) then drags no record into a bundle.

/** The names of the primitives, in the order of their table. */
export const primitiveNames: readonly PrimitiveName[] = [
  "unary",
  "binary",
  "select",
  "cast",
  "reduce",
  "argReduce",
  "reshape",
  "detach",
  "transpose",
  "broadcast",
  "slice",
  "pad",
  "concat",
  "gather",
  "scatterAdd",
  "matmul",
  "conv2d",
  "conv2dInputGrad",
  "conv2dWeightGrad",
  "pool2d",
  "pool2dGrad",
  "resize2d",
  "resize2dGrad",
  "random",
];

/** The names of the composites, in the order of their table. */
export const compositeNames: readonly CompositeName[] = [
  "convBlock",
  "linear",
  "softmax",
  "logSoftmax",
  "crossEntropy",
  "batchNorm",
  "layerNorm",
  "groupNorm",
  "gelu",
  "silu",
  "map",
  "mapReduce",
];

/**
 * The composites that a compiler should look for in graphs that were written in smaller ops. Those that are pointwise (gelu,
 * silu) are none: as a chain they are one pass already. A list of its own, so that no record is bundled that is not here.
 */
export const sentences: readonly AnyOp[] = [convBlockOp, linearOp, softmaxOp];
