import { sizeOf, type Prepare, type TypedArray } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";

/** Sums are taken in doubles, in scratch: an index may come any number of times. */
export const scatterAdd: Prepare<"scatterAdd", CpuKernel> = ({ attrs: { axis, size }, inputs, output }) => {
  const { shape } = inputs[0]!;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const total = sizeOf(output.shape);
  return {
    scratch: total * 8,
    bind({ inputs: [values, indices], output: out, scratch }) {
      const sums = scratch.subarray(0, total);
      return () => {
        sums.fill(0);
        scatter(sums, values!, indices as Int32Array, outer, size, inner);
        // An i32 sum wraps as ToInt32 does when it is stored.
        out.set(sums);
      };
    },
  };
};

function scatter(
  sums: Float64Array,
  values: TypedArray,
  indices: Int32Array,
  outer: number,
  size: number,
  inner: number,
): void {
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k]!;
      if (index >= 0 && index < size) {
        const at = (o * size + index) * inner;
        for (let i = 0; i < inner; i++) sums[at + i]! += values[from + i]!;
      }
      from += inner;
    }
  }
}
