import { sizeOf, type Call, type Prepare } from "@tatamijs/core/backend";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const softmax: Prepare<"softmax", CpuKernel> = (call) => throughF32(call, (wide) => along(wide, share));

/** One line of `size` elements, `step` apart, from `at`. */
export type Line = (out: Float32Array, x: Float32Array, at: number, size: number, step: number) => void;

/** A kernel that works on lines along one axis, each read before it is written. */
export function along({ attrs: { axis }, inputs: [x] }: Call<"softmax"> | Call<"logSoftmax">, line: Line): CpuKernel {
  const outer = sizeOf(x!.shape.slice(0, axis));
  const size = x!.shape[axis]!;
  const inner = sizeOf(x!.shape.slice(axis + 1));
  return {
    inPlace: [0],
    bind({ inputs, output }) {
      const from = f32(inputs[0]!);
      const to = f32(output);
      return () => {
        for (let o = 0; o < outer; o++) {
          for (let i = 0; i < inner; i++) line(to, from, o * size * inner + i, size, inner);
        }
      };
    },
  };
}

export function largest(x: Float32Array, at: number, size: number, step: number): number {
  let most = x[at]!;
  for (let k = 1; k < size; k++) most = Math.max(most, x[at + k * step]!);
  return most;
}

function share(out: Float32Array, x: Float32Array, at: number, size: number, step: number): void {
  const most = largest(x, at, size, step);
  let sum = 0;
  for (let k = 0, i = at; k < size; k++, i += step) {
    const e = Math.exp(x[i]! - most);
    out[i] = e;
    sum += e;
  }
  for (let k = 0, i = at; k < size; k++, i += step) out[i]! /= sum;
}
