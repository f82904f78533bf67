import type { Prepare } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";
import { along, largest } from "./softmax.ts";

export const logSoftmax: Prepare<"logSoftmax", CpuKernel> = (call) => throughF32(call, (wide) => along(wide, logShare));

function logShare(out: Float32Array, x: Float32Array, at: number, size: number, step: number): void {
  const most = largest(x, at, size, step);
  let sum = 0;
  for (let k = 0, i = at; k < size; k++, i += step) sum += Math.exp(x[i]! - most);
  const shift = Math.log(sum);
  for (let k = 0, i = at; k < size; k++, i += step) out[i] = x[i]! - most - shift;
}
