import { bytesPerElement, sizeOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";

const unitBytes = 32768;

export const gather: Prepare<"gather", WasmKernel> = ({ attrs: { axis }, inputs: [x, indices] }) => {
  const { shape, dtype } = x!;
  const outer = sizeOf(shape.slice(0, axis));
  const count = sizeOf(indices!.shape);
  const row = sizeOf(shape.slice(axis + 1)) * bytesPerElement(dtype);
  const part = Math.max(1, Math.min(row, unitBytes));
  const parts = Math.ceil(row / part);
  const rows = Math.max(1, Math.floor(unitBytes / part));
  const sizes = [outer, count, shape[axis]!, row, part, parts, rows];
  return {
    variant: "rows",
    phases: ({ inputs, output }) => [
      {
        code: "gather",
        units: Math.ceil((outer * count) / rows) * parts,
        args: [output.at, inputs[0]!.at, inputs[1]!.at, ...sizes],
      },
    ],
  };
};
