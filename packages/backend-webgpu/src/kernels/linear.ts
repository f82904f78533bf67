import type { Prepare } from "@tatamijs/core/backend";
import { matrixProduct } from "../gemm/product.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const linear =
  (choices: Choices): Prepare<"linear", GpuKernel> =>
  ({ attrs: { tb, bias, activation }, inputs, output }) => {
    const [rows, columns] = output.shape as unknown as readonly [number, number];
    const size = { rows, columns, depth: inputs[0]!.shape[1]!, ta: false, tb };
    const types = { from: inputs[0]!.dtype, to: output.dtype };
    return matrixProduct(size, inputs, [1, 1], [[0, 0]], { bias, residual: false, activation }, types, choices);
  };
