import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { weightGrad } from "../conv/weightGrad.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2dWeightGrad: Prepare<"conv2dWeightGrad", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [x, dy] }) => {
    const size = { batch: x!.shape[0]!, channels: x!.shape[3]!, filters: dy!.shape[3]!, attrs };
    const empty = sizeOf(x!.shape) * sizeOf(dy!.shape) === 0;
    return {
      bind: ({ inputs, output }) =>
        empty ? () => output.fill(0) : weightGrad(size, f32(inputs[0]!), f32(inputs[1]!), f32(output)),
    };
  });
