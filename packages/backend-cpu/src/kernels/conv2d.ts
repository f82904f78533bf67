import type { Prepare } from "@tatamijs/core/backend";
import { convolve } from "../conv/forward.ts";
import { filtersOf, isEmpty, packing, sizeOfConv } from "../conv/operands.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2d: Prepare<"conv2d", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [x, w], output: spec }) => {
    const size = sizeOfConv(x!.shape[0]!, x!.shape[3]!, w!.shape[0]!, attrs);
    const { algorithm, ...planned } = packing(size, 1, false);
    return {
      ...planned,
      bind({ inputs, output }) {
        if (isEmpty(spec)) return () => {};
        return convolve(size, algorithm, {
          x: f32(inputs[0]!),
          w: filtersOf(inputs[1] as Float32Array | Uint8Array, algorithm),
          bias: undefined,
          residual: undefined,
          activation: "none",
          out: f32(output),
        });
      },
    };
  });
