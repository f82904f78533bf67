import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { convWindows, nothing } from "../conv/size.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const conv2d =
  (choices: Choices): Prepare<"conv2d", GpuKernel> =>
  ({ attrs, inputs, output }) => {
    const types = { from: inputs[0]!.dtype, to: output.dtype };
    return convolution(convWindows(inputs, attrs), inputs[1]!, nothing, types, choices);
  };
