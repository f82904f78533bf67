/** What this backend has kernels for: every primitive, and the composites that gain by being run whole. */
import { decline, kernelTable, type Kernels, type OpName, type Prepare } from "@tatamijs/core/backend";
import type { Choices, WasmKernel } from "./kernel.ts";
import { argReduce } from "./kernels/argReduce.ts";
import { conv2d } from "./kernels/conv2d.ts";
import { conv2dInputGrad } from "./kernels/conv2dInputGrad.ts";
import { conv2dWeightGrad } from "./kernels/conv2dWeightGrad.ts";
import { convBlock } from "./kernels/convBlock.ts";
import { crossEntropy } from "./kernels/crossEntropy.ts";
import { linear } from "./kernels/linear.ts";
import { matmul } from "./kernels/matmul.ts";
import { random } from "./kernels/random.ts";
import { reduce } from "./kernels/reduce.ts";
import { detach, reshape } from "./kernels/reshape.ts";
import { logSoftmax, softmax } from "./kernels/softmax.ts";

type Table = { readonly [N in OpName]?: Prepare<N, WasmKernel> };

export function kernels(choices: Choices): Kernels<WasmKernel> {
  const table: Table = {
    argReduce,
    conv2d: conv2d(choices),
    conv2dInputGrad: conv2dInputGrad(choices),
    conv2dWeightGrad,
    convBlock: convBlock(choices),
    crossEntropy,
    detach,
    linear,
    logSoftmax,
    matmul,
    random,
    reduce,
    reshape,
    softmax,
  };
  return kernelTable<WasmKernel>(
    Object.fromEntries(
      Object.entries(table).map(([name, prepare]) => [name, withoutF16(prepare as Prepare<OpName, WasmKernel>)]),
    ),
  );
}

/** Half floats have no arithmetic here. */
function withoutF16(prepare: Prepare<OpName, WasmKernel>): Prepare<OpName, WasmKernel> {
  return (call) =>
    [...call.inputs, call.output].some((spec) => spec.dtype === "f16")
      ? decline("f16 is not supported on the wasm backend")
      : prepare(call);
}
