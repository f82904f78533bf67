import type { Prepare } from "@tatamijs/core/backend";
import { block } from "../conv/block.ts";
import type { CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const convBlock: Prepare<"convBlock", CpuKernel> = (call) =>
  throughF32(call, (wide) => block(wide, wide.attrs, wide.attrs));
