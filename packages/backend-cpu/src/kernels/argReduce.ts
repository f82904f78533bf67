import { sizeOf, type Prepare, type TypedArray } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";

export const argReduce: Prepare<"argReduce", CpuKernel> = ({ attrs: { fn, axis }, inputs: [x] }) => {
  const outer = sizeOf(x!.shape.slice(0, axis));
  const size = x!.shape[axis]!;
  const inner = sizeOf(x!.shape.slice(axis + 1));
  return {
    bind({ inputs: [values], output }) {
      const out = output as Int32Array;
      return () => {
        for (let o = 0; o < outer; o++) {
          for (let i = 0; i < inner; i++)
            out[o * inner + i] = best(values!, o * size * inner + i, size, inner, fn === "max");
        }
      };
    },
  };
};

/** The first wins a tie; a NaN wins over numbers. */
function best(x: TypedArray, from: number, size: number, step: number, largest: boolean): number {
  let v = x[from]!;
  let index = 0;
  for (let k = 1; k < size && !Number.isNaN(v); k++) {
    const w = x[from + k * step]!;
    if (Number.isNaN(w) || (largest ? w > v : w < v)) {
      v = w;
      index = k;
    }
  }
  return index;
}
