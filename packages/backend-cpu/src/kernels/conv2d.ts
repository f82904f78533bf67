import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { sizeOfConv } from "../conv/size.ts";
import type { CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const conv2d: Prepare<"conv2d", CpuKernel> = (call) =>
  throughF32(call, (wide) => convolution(sizeOfConv(wide, wide.attrs), wide));
