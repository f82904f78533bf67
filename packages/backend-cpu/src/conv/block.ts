/** A convolution with what may follow it at once: bias, residual, activation. A bare one is a block with none of them. */
import type { Activation, Call, ConvAttrs } from "@tatamijs/core/backend";
import { f32, type CpuKernel } from "../kernel.ts";
import { convolve } from "./forward.ts";
import { filtersOf, isEmpty, packing, sizeOfConv } from "./operands.ts";

export interface Following {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly activation: Activation;
}

export function block(
  { inputs: [x, w], output: spec }: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
  { bias, residual, activation }: Following,
): CpuKernel {
  const size = sizeOfConv(x!.shape[0]!, x!.shape[3]!, w!.shape[0]!, attrs);
  const { algorithm, ...planned } = packing(size, 1, false);
  return {
    ...planned,
    bind({ inputs, output }) {
      if (isEmpty(spec)) return () => {};
      return convolve(size, algorithm, {
        x: f32(inputs[0]!),
        w: filtersOf(inputs[1] as Float32Array | Uint8Array, algorithm),
        bias: bias ? f32(inputs[2]!) : undefined,
        residual: residual ? f32(inputs.at(-1)!) : undefined,
        activation,
        out: f32(output),
      });
    },
  };
}
