import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { bytesOfB, matmulPhases, packsOf, turnedBytes, variantOf, type MatmulSize } from "../gemm/matmul.ts";
import { gemmLocal } from "../gemm/product.ts";
import { isEmpty, type WasmKernel } from "../kernel.ts";

export const matmul: Prepare<"matmul", WasmKernel> = ({ attrs: { ta, tb }, inputs: [a, b], output: spec }) => {
  const outer = (shape: readonly number[]): readonly number[] => shape.slice(0, -2);
  const batches = outer(spec.shape);
  const [rows, columns] = [spec.shape.at(-2)!, spec.shape.at(-1)!];
  const depth = a!.shape.at(ta ? -2 : -1)!;
  const ofA = walk(outer(a!.shape), batches);
  const ofB = walk(outer(b!.shape), batches);
  // Products that share B and whose rows of A follow each other are one product.
  const joined = !ta && sizeOf(outer(b!.shape)) === 1;
  const size: MatmulSize = { rows: joined ? rows * sizeOf(batches) : rows, depth, columns, ta, tb, fixed: b!.fixed };
  return {
    variant: variantOf(size),
    local: gemmLocal,
    scratch: turnedBytes(size) * (joined ? 1 : sizeOf(outer(a!.shape))),
    ...packsOf(size, sizeOf(outer(b!.shape))),
    phases(io) {
      if (isEmpty(spec)) return [];
      const stepB = bytesOfB(size);
      const turned = new Set<number>();
      return (joined ? [0] : ofA).flatMap((i, k) => {
        const phases = matmulPhases(io, size, {
          a: io.inputs[0]!.at + i * rows * depth * 4,
          b: io.inputs[1]!.at + ofB[k]! * stepB,
          c: io.output.at + k * rows * columns * 4,
          bias: undefined,
          clamp: [-Infinity, Infinity],
          turned: io.scratch + i * turnedBytes(size),
        });
        const again = turned.has(i);
        turned.add(i);
        return again ? phases.filter(({ code }) => code !== "turn") : phases;
      });
    },
  };
};

/** For each product of the output, the operand's matrix that it takes: axes of size 1 stand still. */
function walk(own: readonly number[], all: readonly number[]): number[] {
  let list = [0];
  let step = 1;
  for (let axis = all.length - 1; axis >= 0; axis--) {
    const size = own[axis]!;
    const stride = size === 1 ? 0 : step;
    const before = list;
    list = Array.from({ length: all[axis]! }, (_, i) => before.map((k) => k + i * stride)).flat();
    step *= size;
  }
  return list;
}
