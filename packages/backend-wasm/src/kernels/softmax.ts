import { sizeOf, type Call, type Prepare } from "@tatamijs/core/backend";
import { isEmpty, unitsOf, type WasmKernel } from "../kernel.ts";

/** Lines side by side of a unit, as in assembly/softmax.ts. */
const block = 32;

/** Elements that are worth a claim. */
export const claim = 2048;

export const softmax: Prepare<"softmax", WasmKernel> = (call) => along(call, false);
export const logSoftmax: Prepare<"logSoftmax", WasmKernel> = (call) => along(call, true);

function along({ attrs: { axis }, inputs: [x] }: Call<"softmax"> | Call<"logSoftmax">, logs: boolean): WasmKernel {
  const outer = sizeOf(x!.shape.slice(0, axis));
  const size = x!.shape[axis]!;
  const inner = sizeOf(x!.shape.slice(axis + 1));
  const rows = inner === 1;
  return {
    variant: rows ? "rows" : "columns",
    inPlace: [0],
    phases({ inputs: [from], output }) {
      if (isEmpty(x!)) return [];
      return [
        {
          code: rows ? "softmaxRows" : "softmaxColumns",
          units: rows ? outer : outer * Math.ceil(inner / block),
          grain: unitsOf(claim, size * Math.min(inner, block), claim),
          args: [from!.at, output.at, size, logs ? 1 : 0, inner],
        },
      ];
    },
  };
}
