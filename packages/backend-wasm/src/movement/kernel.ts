/** Kernels that move elements: what they share. */
import { bytesPerElement, sizeOf, typedArray, type Spec } from "@tatamijs/core/backend";
import type { Operand, Phase, WasmKernel } from "../kernel.ts";
import { walk, type Box } from "./walk.ts";

/** Each input moved by its box. */
export function move({ dtype }: Spec, boxes: readonly Box[]): WasmKernel {
  const walks = boxes.map((box) => walk(box, bytesPerElement(dtype)));
  return {
    variant: [...new Set(walks.map(({ how }) => how))].join(", "),
    phases: ({ inputs, output }) => walks.map((one, k) => one.phase(output.at, inputs[k]!.at)),
  };
}

/** `value` everywhere. */
export function filled({ at, spec }: Operand, value: number): Phase {
  const bytes = sizeOf(spec.shape) * bytesPerElement(spec.dtype);
  const one = typedArray(spec.dtype, 4 / bytesPerElement(spec.dtype)).fill(value);
  return { code: "fill", units: Math.ceil(bytes / 65536), args: [at, bytes, new Int32Array(one.buffer)[0]!] };
}
