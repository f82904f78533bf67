/**
 * f16 by way of f32: operands are widened into scratch, the f32 kernel runs, its result is rounded. One set of hot loops,
 * which only ever see Float32Arrays.
 */
import type { Call, OpName } from "@tatamijs/core/backend";
import type { CpuKernel } from "./kernel.ts";
import { later } from "./later.ts";

/** The kernel that `prepare` gives; of a call in f16, that of the call in f32 with what carries it there and back. */
export async function throughF32<N extends OpName>(
  call: Call<N>,
  prepare: (call: Call<N>) => CpuKernel | Promise<CpuKernel>,
): Promise<CpuKernel> {
  return [...call.inputs, call.output].some(({ dtype }) => dtype === "f16")
    ? (await later(import("./widened.ts"))).widened(call, prepare)
    : prepare(call);
}
