import type { Prepare } from "@tatamijs/core/backend";
import { convolve } from "../conv/forward.ts";
import { asConvolution, inputGrad } from "../conv/inputGrad.ts";
import { filtersOf, isEmpty, packing, sizeOfConv } from "../conv/operands.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2dInputGrad: Prepare<"conv2dInputGrad", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [dy, w], output: spec }) => {
    const size = sizeOfConv(dy!.shape[0]!, spec.shape[3]!, w!.shape[0]!, attrs);
    const turned = isEmpty(dy!, spec) ? undefined : asConvolution(size);
    if (turned === undefined) {
      return {
        bind({ inputs, output }) {
          if (isEmpty(dy!, spec)) return () => output.fill(0);
          return inputGrad(size, f32(inputs[0]!), f32(inputs[1]!), f32(output));
        },
      };
    }
    const { algorithm, ...planned } = packing(turned, 1, true);
    return {
      ...planned,
      bind: ({ inputs, output }) =>
        convolve(turned, algorithm, {
          x: f32(inputs[0]!),
          w: filtersOf(inputs[1] as Float32Array | Uint8Array, algorithm),
          bias: undefined,
          residual: undefined,
          activation: "none",
          out: f32(output),
        }),
    };
  });
