import { sizeOf, stridesOf, type Prepare, type Shape } from "@tatamijs/core/backend";
import { nothing } from "../conv/size.ts";
import { matrixProduct } from "../gemm/product.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

/** Which matrix of an operand each product of the batch takes; axes of size 1 stand still. */
function matricesOf(batch: Shape, operand: Shape): number[] {
  const own = operand.slice(0, -2);
  const strides = stridesOf(own);
  const steps = stridesOf(batch);
  const lead = batch.length - own.length;
  return Array.from({ length: sizeOf(batch) }, (_, index) =>
    own.reduce((at, size, axis) => {
      const i = Math.floor(index / steps[axis + lead]!) % batch[axis + lead]!;
      return at + (size === 1 ? 0 : i * strides[axis]!);
    }, 0),
  );
}

export const matmul =
  (choices: Choices): Prepare<"matmul", GpuKernel> =>
  ({ attrs: { ta, tb }, inputs, output }) => {
    const [a, b] = inputs;
    const [rows, columns] = output.shape.slice(-2) as [number, number];
    const batch = output.shape.slice(0, -2);
    const depth = a!.shape.at(ta ? -2 : -1)!;
    const counts = [sizeOf(a!.shape.slice(0, -2)), sizeOf(b!.shape.slice(0, -2))] as const;
    const types = { from: a!.dtype, to: output.dtype };
    // A batch that shares B is one tall product.
    if (!ta && counts[1] === 1 && counts[0] === sizeOf(batch)) {
      const size = { rows: rows * counts[0], depth, columns, ta, tb };
      return matrixProduct(size, inputs, [1, 1], [[0, 0]], nothing, types, choices);
    }
    const [as, bs] = [matricesOf(batch, a!.shape), matricesOf(batch, b!.shape)];
    const own = as.map((at, k) => [at, bs[k]!] as const);
    return matrixProduct({ rows, depth, columns, ta, tb }, inputs, counts, own, nothing, types, choices);
  };
