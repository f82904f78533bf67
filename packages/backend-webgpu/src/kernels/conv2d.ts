import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { nothing } from "../conv/size.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const conv2d =
  (choices: Choices): Prepare<"conv2d", GpuKernel> =>
  (call) =>
    convolution(call, call.attrs, nothing, choices);
