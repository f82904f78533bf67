/** What this backend has kernels for: every primitive, and the composites that gain by being run whole. */
import { kernelTable, type Kernels, type OpName, type Prepare } from "@tatamijs/core/backend";
import type { Choices, WasmKernel } from "./kernel.ts";
import { argReduce } from "./kernels/argReduce.ts";
import { binary } from "./kernels/binary.ts";
import { broadcast } from "./kernels/broadcast.ts";
import { cast } from "./kernels/cast.ts";
import { concat } from "./kernels/concat.ts";
import { conv2d } from "./kernels/conv2d.ts";
import { conv2dInputGrad } from "./kernels/conv2dInputGrad.ts";
import { conv2dWeightGrad } from "./kernels/conv2dWeightGrad.ts";
import { convBlock } from "./kernels/convBlock.ts";
import { crossEntropy } from "./kernels/crossEntropy.ts";
import { detach, reshape } from "./kernels/reshape.ts";
import { gather } from "./kernels/gather.ts";
import { linear } from "./kernels/linear.ts";
import { logSoftmax, softmax } from "./kernels/softmax.ts";
import { map } from "./kernels/map.ts";
import { mapReduce } from "./kernels/mapReduce.ts";
import { matmul } from "./kernels/matmul.ts";
import { pad } from "./kernels/pad.ts";
import { pool2d } from "./kernels/pool2d.ts";
import { pool2dGrad } from "./kernels/pool2dGrad.ts";
import { random } from "./kernels/random.ts";
import { reduce } from "./kernels/reduce.ts";
import { resize2d } from "./kernels/resize2d.ts";
import { resize2dGrad } from "./kernels/resize2dGrad.ts";
import { scatterAdd } from "./kernels/scatterAdd.ts";
import { select } from "./kernels/select.ts";
import { slice } from "./kernels/slice.ts";
import { transpose } from "./kernels/transpose.ts";
import { unary } from "./kernels/unary.ts";
import { throughF32 } from "./throughF32.ts";

type Table = { readonly [N in OpName]?: Prepare<N, WasmKernel> };

export function kernels(choices: Choices): Kernels<WasmKernel> {
  const table: Table = {
    argReduce,
    binary,
    broadcast,
    cast,
    concat,
    conv2d: conv2d(choices),
    conv2dInputGrad: conv2dInputGrad(choices),
    conv2dWeightGrad,
    convBlock: convBlock(choices),
    crossEntropy,
    detach,
    gather,
    linear,
    logSoftmax,
    map,
    mapReduce,
    matmul,
    pad,
    pool2d,
    pool2dGrad,
    random,
    reduce,
    reshape,
    resize2d,
    resize2dGrad,
    scatterAdd,
    select,
    slice,
    softmax,
    transpose,
    unary,
  };
  return kernelTable<WasmKernel>(
    Object.fromEntries(
      Object.entries(table).map(([name, prepare]) => [
        name,
        moving.has(name) ? prepare : throughF32(prepare as Prepare<OpName, WasmKernel>),
      ]),
    ),
  );
}

/** Those that move elements as they are, two bytes or any other number. */
const moving: ReadonlySet<string> = new Set<OpName>([
  "broadcast",
  "concat",
  "detach",
  "gather",
  "pad",
  "reshape",
  "slice",
  "transpose",
]);
