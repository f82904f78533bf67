/** A chain as a kernel. */
import { bytesPerElement, sizeOf, type MapStep, type Spec } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import { chainLocal, chainPhases, type Chain } from "./chain.ts";

export function chainKernel(chain: Chain): WasmKernel {
  const { inputs, steps, output } = chain;
  const count = sizeOf(output.shape);
  const bytes = bytesPerElement(output.dtype);
  return {
    variant: `chain of ${steps.length}`,
    local: chainLocal(chain),
    inPlace: inputs.flatMap((spec, k) =>
      bytesPerElement(spec.dtype) === bytes && sizeOf(spec.shape) === count ? [k] : [],
    ),
    phases: (io) => chainPhases(io, chain, io.inputs, io.output),
  };
}

/** One op is a chain of one. */
export const single = (step: Omit<MapStep, "inputs">, inputs: readonly Spec[], output: Spec): WasmKernel =>
  chainKernel({ inputs, steps: [{ ...step, inputs: inputs.map((_, k) => k) } as MapStep], output });
