import { sizeOf, stridesOf, type Prepare, type Shape } from "@tatamijs/core/backend";
import { matrixProduct } from "../gemm/matrix.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

/** Where the matrix of each batch begins in an operand, counted in matrices; axes of size 1 stand still. */
function starts(batch: Shape, operand: Shape): number[] {
  const own = operand.slice(0, -2);
  const strides = stridesOf(own);
  const steps = stridesOf(batch);
  return Array.from({ length: sizeOf(batch) }, (_, index) =>
    own.reduce(
      (at, size, axis) => at + (size === 1 ? 0 : (Math.floor(index / steps[axis]!) % batch[axis]!) * strides[axis]!),
      0,
    ),
  );
}

export const matmul: Prepare<"matmul", CpuKernel> = (call) =>
  throughF32(call, ({ attrs: { ta, tb }, inputs: [a, b], output: { shape } }) => {
    const [rows, columns] = shape.slice(-2) as [number, number];
    const depth = a!.shape.at(ta ? -2 : -1)!;
    const batch = shape.slice(0, -2);
    const size = { rows, columns, depth, ta, tb, activation: "none" } as const;
    // A batch that shares B is one tall product.
    const tall = !ta && sizeOf(b!.shape.slice(0, -2)) === 1 && sizeOf(a!.shape.slice(0, -2)) === sizeOf(batch);
    return {
      bind({ inputs, output }) {
        const [left, right, out] = [f32(inputs[0]!), f32(inputs[1]!), f32(output)];
        if (tall) return matrixProduct({ ...size, rows: rows * sizeOf(batch) }, left, right, undefined, out);
        const as = starts(batch, a!.shape);
        const bs = starts(batch, b!.shape);
        const runs = as.map((at, i) =>
          matrixProduct(
            size,
            left.subarray(at * rows * depth, (at + 1) * rows * depth),
            right.subarray(bs[i]! * depth * columns, (bs[i]! + 1) * depth * columns),
            undefined,
            out.subarray(i * rows * columns, (i + 1) * rows * columns),
          ),
        );
        return () => {
          for (let i = 0; i < runs.length; i++) runs[i]!();
        };
      },
    };
  });
