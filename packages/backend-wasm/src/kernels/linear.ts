import { decline, type Prepare } from "@tatamijs/core/backend";
import { matmulPhases, packsOf, variantOf, type MatmulSize } from "../gemm/matmul.ts";
import { clampOf, gemmLocal } from "../gemm/product.ts";
import { isEmpty, type WasmKernel } from "../kernel.ts";

export const linear: Prepare<"linear", WasmKernel> = ({
  attrs: { tb, bias, activation },
  inputs: [x, w],
  output: spec,
}) => {
  const clamp = clampOf(activation);
  if (clamp === undefined) return decline(`${activation} is a chain of its own`);
  const [rows, columns] = spec.shape as [number, number];
  const size: MatmulSize = { rows, depth: x!.shape[1]!, columns, ta: false, tb, fixed: w!.fixed };
  return {
    variant: variantOf(size),
    local: gemmLocal,
    ...packsOf(size, 1),
    phases: (io) =>
      isEmpty(spec)
        ? []
        : matmulPhases(io, size, {
            a: io.inputs[0]!.at,
            b: io.inputs[1]!.at,
            c: io.output.at,
            bias: bias ? io.inputs[2]!.at : undefined,
            clamp,
            turned: 0,
          }),
  };
};
