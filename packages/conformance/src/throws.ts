/** Calls that must be refused, each with its code. Nothing of a backend is in them: they hold core to its word. */
import type { ErrorCode, OpName } from "@tatamijs/core";
import { t, type PublicCall } from "./calls.ts";

const refused = (
  call: string,
  op: OpName,
  list: readonly (readonly [string, ErrorCode, ...unknown[]])[],
): PublicCall[] => list.map(([name, throws, ...args]) => ({ id: `throws/${call}/${name}`, op, call, args, throws }));

const map = t([1, 3, 7, 7]);
const filter = t([2, 3, 3, 3]);
const vector = t([3]);
const numbers = t([3], [0], "i32");

export const throwingCalls: readonly PublicCall[] = [
  ...refused("conv2d", "conv2d", [
    ["seed-7-3-p0-s3", "size-fractional", map, filter, { stride: 3 }],
    ["fractional-width", "size-fractional", t([1, 3, 7, 8]), filter, { stride: 2 }],
    ["kernel-larger-than-map", "size-negative", t([1, 3, 2, 2]), filter],
    ["dilated-kernel-larger-than-map", "size-negative", map, filter, { dilation: 4 }],
    ["channels", "channels", map, t([2, 4, 3, 3])],
    ["channels-of-groups", "channels", t([1, 4, 7, 7]), t([2, 4, 3, 3]), { groups: 2 }],
    ["groups-of-channels", "groups", map, filter, { groups: 2 }],
    ["groups-of-filters", "groups", map, t([2, 1, 3, 3]), { groups: 3 }],
    ["groups-0", "groups", map, filter, { groups: 0 }],
    ["groups-fraction", "groups", map, filter, { groups: 1.5 }],
    ["rank-2", "rank", t([7, 7]), filter],
    ["rank-5", "rank", t([1, 1, 3, 7, 7]), filter],
    ["filter-rank", "rank", map, t([2, 3, 3])],
    ["stride-0", "argument", map, filter, { stride: 0 }],
    ["stride-negative", "argument", map, filter, { stride: -1 }],
    ["stride-fraction", "argument", map, filter, { stride: 1.5 }],
    ["stride-nan", "argument", map, filter, { stride: NaN }],
    ["stride-text", "argument", map, filter, { stride: "2" }],
    ["stride-three", "argument", map, filter, { stride: [1, 1, 1] }],
    ["padding-negative", "argument", map, filter, { padding: -1 }],
    ["padding-text", "argument", map, filter, { padding: "full" }],
    ["padding-infinite", "argument", map, filter, { padding: Infinity }],
    ["dilation-0", "argument", map, filter, { dilation: 0 }],
    ["rounding", "argument", map, filter, { rounding: "round" }],
    ["padding-mode", "argument", map, filter, { paddingMode: "mirror" }],
    ["reflect-too-far", "shape", t([1, 3, 2, 2]), filter, { padding: 2, paddingMode: "reflect" }],
    ["bias", "shape", map, filter, { bias: t([3]) }],
    ["bias-rank", "shape", map, filter, { bias: t([1, 2]) }],
    ["empty-map", "zero-size", t([1, 3, 0, 7]), filter],
    ["empty-batch", "zero-size", t([0, 3, 7, 7]), filter],
    ["empty-filters", "zero-size", map, t([0, 3, 3, 3])],
    ["no-tensor", "argument", [1, 2, 3], filter],
    ["no-filters", "argument", map, undefined],
  ]),
  ...refused("conv1d", "conv2d", [
    ["rank", "rank", map, t([2, 3, 3])],
    ["filter-rank", "rank", t([1, 3, 7]), filter],
    ["fractional", "size-fractional", t([1, 3, 8]), t([2, 3, 3]), { stride: 2 }],
  ]),
  ...refused("convTranspose2d", "conv2dInputGrad", [
    ["channels", "channels", map, t([2, 3, 3, 3])],
    ["too-much-padding", "size-negative", t([1, 3, 1, 1]), t([3, 2, 3, 3]), { padding: 2 }],
    ["output-padding", "argument", map, t([3, 2, 3, 3]), { outputPadding: 1 }],
    ["same", "argument", map, t([3, 2, 3, 3]), { padding: "same" }],
    ["groups", "groups", map, t([3, 2, 3, 3]), { groups: 2 }],
  ]),
  ...refused("maxPool2d", "pool2d", [
    ["fractional", "size-fractional", map, 2],
    ["kernel-larger-than-map", "size-negative", map, 8],
    ["kernel-0", "argument", map, 0],
    ["kernel-missing", "argument", map],
    ["window-in-padding", "argument", map, 2, { padding: 2, stride: 1 }],
    ["rank", "rank", t([7, 7]), 2],
    ["empty", "zero-size", t([1, 3, 0, 0]), 2],
  ]),
  ...refused("avgPool2d", "pool2d", [
    ["fractional", "size-fractional", map, 2],
    ["kernel-text", "argument", map, "2"],
  ]),
  ...refused("resize2d", "resize2d", [
    ["size-0", "argument", map, 0],
    ["mode", "argument", map, 14, { mode: "cubic" }],
    ["coordinates", "argument", map, 14, { coordinates: "corners" }],
    ["scale", "argument", map, 14, { scale: [0, 2] }],
    ["rank", "rank", vector, 3],
  ]),
  ...refused("matmul", "matmul", [
    ["inner", "shape", t([2, 3]), t([2, 3])],
    ["batch", "shape", t([2, 2, 3]), t([3, 3, 2])],
    ["scalar", "rank", t([]), t([2, 2])],
    ["no-tensor", "argument", t([2, 2]), 3],
  ]),
  ...refused("linear", "linear", [
    ["features", "shape", t([2, 3]), t([4, 2])],
    ["bias", "shape", t([2, 3]), t([4, 3]), t([3])],
    ["weights-rank", "rank", t([2, 3]), vector],
  ]),
  ...refused("add", "binary", [
    ["shapes", "shape", t([2, 3]), t([2, 4])],
    ["text", "argument", vector, "1"],
    ["nothing", "argument", vector, undefined],
  ]),
  ...refused("and", "binary", [["floats", "dtype", vector, vector]]),
  ...refused("not", "unary", [["floats", "dtype", vector]]),
  ...refused("relu", "unary", [["no-tensor", "argument", 3]]),
  ...refused("select", "select", [
    ["condition", "dtype", vector, vector, vector],
    ["shapes", "shape", t([3], [1], "bool"), t([2]), t([4])],
  ]),
  ...refused("cast", "cast", [
    ["dtype", "dtype", vector, "f64"],
    ["no-tensor", "argument", "x", "f32"],
  ]),
  ...refused("sum", "reduce", [
    ["axis", "axis", vector, { axis: 1 }],
    ["axis-twice", "axis", t([2, 2]), { axis: [0, -2] }],
    ["axis-fraction", "axis", t([2, 2]), { axis: 0.5 }],
  ]),
  ...refused("mean", "reduce", [["of-none", "zero-size", t([2, 0]), { axis: 1 }]]),
  ...refused("max", "reduce", [["of-none", "zero-size", t([0])]]),
  ...refused("argmax", "argReduce", [
    ["axis", "axis", vector, { axis: 2 }],
    ["of-none", "zero-size", t([2, 0])],
  ]),
  ...refused("transpose", "transpose", [
    ["not-all-axes", "axis", t([2, 3]), [0]],
    ["twice", "axis", t([2, 3]), [0, 0]],
    ["outside", "axis", t([2, 3]), [0, 2]],
  ]),
  ...refused("reshape", "reshape", [
    ["size", "shape", t([2, 3]), [4]],
    ["two-unknown", "shape", t([2, 3]), [-1, -1]],
    ["does-not-divide", "shape", t([2, 3]), [4, -1]],
    ["fraction", "shape", t([2, 3]), [1.5, 4]],
    ["negative", "shape", t([2, 3]), [-2, 3]],
  ]),
  ...refused("broadcast", "broadcast", [
    ["shape", "shape", t([2]), [3]],
    ["fraction", "shape", t([1]), [1.5]],
  ]),
  ...refused("slice", "slice", [
    ["step-0", "argument", vector, { step: [0] }],
    ["fraction", "argument", vector, { start: [0.5] }],
  ]),
  ...refused("narrow", "slice", [
    ["outside", "shape", vector, 0, 2, 2],
    ["axis", "axis", vector, 1, 0, 1],
  ]),
  ...refused("concat", "concat", [
    ["none", "argument", []],
    ["shapes", "shape", [t([2, 3]), t([3, 3])], 1],
    ["axis", "axis", [vector, vector], 1],
  ]),
  ...refused("gather", "gather", [
    ["float-index", "dtype", vector, vector],
    ["axis", "axis", vector, numbers, 1],
  ]),
  ...refused("scatterAdd", "scatterAdd", [
    ["count", "shape", vector, t([2], [0], "i32"), 0, 3],
    ["size", "argument", vector, numbers, 0, -1],
  ]),
  ...refused("pad", "pad", [
    ["negative", "argument", vector, [[-1, 0]]],
    [
      "too-many",
      "argument",
      vector,
      [
        [1, 1],
        [1, 1],
      ],
    ],
    ["mode", "argument", vector, [[1, 1]], { mode: "edge" }],
    ["reflect", "shape", vector, [[3, 0]], { mode: "reflect" }],
    ["nan", "argument", vector, [[1, 1]], { value: NaN }],
  ]),
  ...refused("random", "random", [
    ["counter", "dtype", vector, [2]],
    ["counter-shape", "shape", numbers, [2]],
    ["seed", "argument", t([1], [0], "i32"), [2], -1],
  ]),
  ...refused("softmax", "softmax", [
    ["axis", "axis", vector, { axis: 1 }],
    ["of-none", "zero-size", t([2, 0])],
  ]),
  ...refused("crossEntropy", "crossEntropy", [
    ["rows", "shape", t([2, 3]), t([3], [0], "i32")],
    ["smoothing", "argument", t([2, 3]), t([2], [0], "i32"), { smoothing: 1 }],
    ["rank", "rank", vector, numbers],
  ]),
  ...refused("groupNorm", "groupNorm", [
    ["groups", "groups", t([2, 5, 2, 2]), 2],
    ["rank", "rank", vector, 1],
  ]),
  ...refused("layerNorm", "layerNorm", [
    ["shape", "shape", t([2, 3]), 4],
    ["epsilon", "argument", t([2, 3]), 3, { epsilon: -1 }],
  ]),
  ...refused("constant", "reshape", [
    ["length", "data-length", [1, 2, 3], [2]],
    ["ragged", "argument", [[1, 2], [3]]],
    ["text", "argument", "abc"],
    ["dtype", "dtype", [1], [1], "f64"],
  ]),
  ...refused("input", "reshape", [
    ["negative", "shape", [-1, 2]],
    ["fraction", "shape", [1.5]],
    ["nan", "shape", [NaN]],
    ["too-large", "shape", [65536, 65536]],
    ["no-shape", "shape", 3],
    ["dtype", "dtype", [2], "float"],
  ]),
];
