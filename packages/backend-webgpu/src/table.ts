/** What this backend has kernels for: every primitive, and the composites that gain by being run whole. */
import {
  decline,
  kernelTable,
  type Call,
  type Kernels,
  type MapAttrs,
  type OpName,
  type Prepare,
} from "@tatamijs/core/backend";
import type { Choices, GpuKernel } from "./kernel.ts";
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
import { resize2d } from "./kernels/resize2d.ts";
import { resize2dGrad } from "./kernels/resize2dGrad.ts";
import { scatterAdd } from "./kernels/scatterAdd.ts";
import { select } from "./kernels/select.ts";
import { slice } from "./kernels/slice.ts";
import { softmax } from "./kernels/softmax.ts";
import { transpose } from "./kernels/transpose.ts";
import { unary } from "./kernels/unary.ts";

export function kernels(choices: Choices): Kernels<GpuKernel> {
  const table: { readonly [N in OpName]?: Prepare<N, GpuKernel> } = {
    argReduce,
    binary: binary(choices),
    broadcast,
    cast: cast(choices),
    concat,
    conv2d: conv2d(choices),
    conv2dInputGrad: conv2dInputGrad(choices),
    conv2dWeightGrad,
    convBlock: convBlock(choices),
    crossEntropy,
    detach,
    gather,
    linear: linear(choices),
    logSoftmax: logSoftmax(choices),
    map: map(choices),
    mapReduce: mapReduce(choices),
    matmul: matmul(choices),
    pad,
    pool2d,
    pool2dGrad,
    random,
    reduce: reduce(choices),
    reshape,
    resize2d,
    resize2dGrad,
    scatterAdd,
    select: select(choices),
    slice,
    softmax: softmax(choices),
    transpose,
    unary: unary(choices),
  };
  if (choices.half) return kernelTable(table);
  const whole = Object.entries(table).map(([name, prepare]) => [
    name,
    withoutHalves(prepare as Prepare<OpName, GpuKernel>),
  ]);
  return kernelTable<GpuKernel>(Object.fromEntries(whole) as typeof table);
}

/** `prepare` where shaders know no f16. */
function withoutHalves(prepare: Prepare<OpName, GpuKernel>): Prepare<OpName, GpuKernel> {
  return (call) =>
    [...call.inputs, call.output].some(({ dtype }) => dtype === "f16") || roundsInside(call)
      ? decline("f16 is off; open the backend with f16: true where the adapter has shader-f16")
      : prepare(call);
}

function roundsInside({ op, attrs }: Call): boolean {
  if (op !== "map" && op !== "mapReduce") return false;
  return (attrs as MapAttrs).steps.some((step) => step.op === "cast" && step.attrs.dtype === "f16");
}
