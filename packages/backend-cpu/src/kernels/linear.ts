import type { Prepare } from "@tatamijs/core/backend";
import { matrixProduct } from "../gemm/matrix.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const linear: Prepare<"linear", CpuKernel> = (call) =>
  throughF32(call, ({ attrs: { tb, bias, activation }, inputs: [x], output: { shape } }) => {
    const size = { rows: shape[0]!, columns: shape[1]!, depth: x!.shape[1]!, ta: false, tb, activation };
    return {
      bind: ({ inputs, output }) =>
        matrixProduct(size, f32(inputs[0]!), f32(inputs[1]!), bias ? f32(inputs[2]!) : undefined, f32(output)),
    };
  });
