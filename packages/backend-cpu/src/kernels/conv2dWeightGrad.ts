import type { Prepare } from "@tatamijs/core/backend";
import { isEmpty, sizeOfConv } from "../conv/operands.ts";
import { weightGrad } from "../conv/weightGrad.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2dWeightGrad: Prepare<"conv2dWeightGrad", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [x, dy] }) => {
    const size = sizeOfConv(x!.shape[0]!, x!.shape[3]!, dy!.shape[3]!, attrs);
    return {
      bind({ inputs, output }) {
        if (isEmpty(x!, dy!)) return () => output.fill(0);
        return weightGrad(size, f32(inputs[0]!), f32(inputs[1]!), f32(output));
      },
    };
  });
