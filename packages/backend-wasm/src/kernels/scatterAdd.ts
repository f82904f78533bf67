import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";

/** Elements of a unit, about. */
const unitElements = 8192;
/** Every unit reads all indices, so an output is not cut into more ranges than this. */
const mostRanges = 16;

export const scatterAdd: Prepare<"scatterAdd", WasmKernel> = ({ attrs: { axis, size }, inputs: [values] }) => {
  const { shape, dtype } = values!;
  const outer = sizeOf(shape.slice(0, axis));
  const row = sizeOf(shape.slice(axis + 1));
  const part = Math.max(1, Math.min(row, unitElements));
  const parts = Math.ceil(row / part);
  const ranges = Math.max(1, Math.min(mostRanges, size, Math.floor((size * part) / unitElements)));
  const range = Math.ceil(size / ranges);
  const used = Math.ceil(size / Math.max(1, range));
  const sizes = [shape[axis]!, size, row, part, parts, range, used, dtype === "i32" ? 1 : 0];
  return {
    variant: `sums over ${Math.max(1, used)} ranges`,
    phases: ({ inputs, output }) => [
      {
        code: "scatterAdd",
        units: outer * used * parts,
        args: [output.at, inputs[0]!.at, inputs[1]!.at, ...sizes],
      },
    ],
  };
};
