import type { Prepare } from "@tatamijs/core/backend";
import { block } from "../conv/block.ts";
import type { CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2d: Prepare<"conv2d", CpuKernel> = (call) =>
  throughF32(call, (wide) => block(wide, wide.attrs, { bias: false, residual: false, activation: "none" }));
