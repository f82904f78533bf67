/**
 * The kernels of which a network that predicts in f32 has no need: gradients, f16, convolutions of stride 2 and rarer ops. Their code is fetched when a
 * program has such an op; a bundler makes a file of its own of it, and for a worker it is one (workers/rest.js).
 */
import type { Prepare } from "@tatamijs/core/backend";
import type { Choices, WasmKernel } from "./kernel.ts";
import { argReduce } from "./kernels/argReduce.ts";
import { conv2dInputGrad } from "./kernels/conv2dInputGrad.ts";
import { conv2dWeightGrad } from "./kernels/conv2dWeightGrad.ts";
import { crossEntropy } from "./kernels/crossEntropy.ts";
import { gather } from "./kernels/gather.ts";
import { pool2dGrad } from "./kernels/pool2dGrad.ts";
import { random } from "./kernels/random.ts";
import { resize2d } from "./kernels/resize2d.ts";
import { resize2dGrad } from "./kernels/resize2dGrad.ts";
import { scatterAdd } from "./kernels/scatterAdd.ts";
import type { RestName } from "./table.ts";

export { winogradStrided } from "./conv/winogradStrided.ts";
export { through } from "./throughF32.ts";

export function restKernels(choices: Choices): { readonly [N in RestName]: Prepare<N, WasmKernel> } {
  return {
    argReduce,
    conv2dInputGrad: conv2dInputGrad(choices),
    conv2dWeightGrad,
    crossEntropy,
    gather,
    pool2dGrad,
    random,
    resize2d,
    resize2dGrad,
    scatterAdd,
  };
}
