import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { isEmpty, unitsOf, type WasmKernel } from "../kernel.ts";

/** Columns of a unit, as in assembly/reduce.ts. */
const block = 32;

export const argReduce: Prepare<"argReduce", WasmKernel> = ({ attrs: { fn, axis }, inputs: [x], output: spec }) => {
  const outer = sizeOf(x!.shape.slice(0, axis));
  const size = x!.shape[axis]!;
  const inner = sizeOf(x!.shape.slice(axis + 1));
  const fold = (fn === "min" ? 1 : 0) + (x!.dtype === "i32" ? 2 : 0);
  const rows = inner === 1;
  return {
    variant: rows ? "rows" : "columns",
    phases({ inputs: [from], output }) {
      if (isEmpty(spec)) return [];
      return [
        {
          code: rows ? "argReduceRows" : "argReduceColumns",
          units: rows ? outer : outer * Math.ceil(inner / block),
          grain: unitsOf(16384, size * Math.min(inner, block), 4096),
          args: [from!.at, output.at, fold, size, inner],
        },
      ];
    },
  };
};
