import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const convBlock =
  (choices: Choices): Prepare<"convBlock", GpuKernel> =>
  (call) =>
    convolution(call, call.attrs, call.attrs, choices);
