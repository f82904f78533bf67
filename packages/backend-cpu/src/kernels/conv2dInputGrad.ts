import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { asConvolution, inputGrad } from "../conv/inputGrad.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2dInputGrad: Prepare<"conv2dInputGrad", CpuKernel> = (call) =>
  throughF32(call, (wide) => {
    const {
      attrs,
      inputs: [dy, w],
      output: { shape },
    } = wide;
    const size = { batch: shape[0]!, channels: shape[3]!, filters: w!.shape[0]!, attrs };
    const empty = sizeOf(dy!.shape) * sizeOf(shape) === 0;
    const turned = empty ? undefined : asConvolution(size);
    if (turned !== undefined) return convolution(turned, wide, undefined, true);
    return {
      bind: ({ inputs, output }) =>
        empty ? () => output.fill(0) : inputGrad(size, f32(inputs[0]!), f32(inputs[1]!), f32(output)),
    };
  });
