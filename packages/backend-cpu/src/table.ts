/** What this backend has kernels for: every primitive, and the composites that gain by being run whole. */
import { kernelTable, type Kernels } from "@tatamijs/core/backend";
import type { CpuKernel } from "./kernel.ts";
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
import { detach } from "./kernels/detach.ts";
import { gather } from "./kernels/gather.ts";
import { linear } from "./kernels/linear.ts";
import { logSoftmax } from "./kernels/logSoftmax.ts";
import { map } from "./kernels/map.ts";
import { mapReduce } from "./kernels/mapReduce.ts";
import { matmul } from "./kernels/matmul.ts";
import { pad } from "./kernels/pad.ts";
import { pool2d } from "./kernels/pool2d.ts";
import { pool2dGrad } from "./kernels/pool2dGrad.ts";
import { random } from "./kernels/random.ts";
import { reduce } from "./kernels/reduce.ts";
import { reshape } from "./kernels/reshape.ts";
import { scatterAdd } from "./kernels/scatterAdd.ts";
import { select } from "./kernels/select.ts";
import { slice } from "./kernels/slice.ts";
import { softmax } from "./kernels/softmax.ts";
import { transpose } from "./kernels/transpose.ts";
import { unary } from "./kernels/unary.ts";
import { later } from "./later.ts";
import { once } from "./once.ts";
import { throughF32 } from "./throughF32.ts";

export const kernels: () => Kernels<CpuKernel> = once(() =>
  kernelTable<CpuKernel>({
    argReduce,
    binary,
    broadcast,
    cast,
    concat,
    conv2d,
    conv2dInputGrad,
    conv2dWeightGrad,
    convBlock,
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
    resize2d: (call) => throughF32(call, async (wide) => (await later(import("./kernels/resize2d.ts"))).resize2d(wide)),
    resize2dGrad: (call) =>
      throughF32(call, async (wide) => (await later(import("./kernels/resize2d.ts"))).resize2dGrad(wide)),
    scatterAdd,
    select,
    slice,
    softmax,
    transpose,
    unary,
  }),
);
