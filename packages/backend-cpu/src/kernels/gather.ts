import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { words, type Words } from "../movement/strided.ts";

export const gather: Prepare<"gather", CpuKernel> = ({ attrs: { axis }, inputs }) => {
  const { shape } = inputs[0]!;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const size = shape[axis]!;
  return {
    bind({ inputs: [x, indices], output }) {
      const from = words(x!);
      const out = words(output);
      return () => pick(out, from, indices as Int32Array, outer, size, inner);
    },
  };
};

function pick(out: Words, from: Words, indices: Int32Array, outer: number, size: number, inner: number): void {
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k]!;
      if (index >= 0 && index < size) {
        const at = (o * size + index) * inner;
        for (let i = 0; i < inner; i++) out[to + i] = from[at + i]!;
      } else {
        for (let i = 0; i < inner; i++) out[to + i] = 0;
      }
      to += inner;
    }
  }
}
