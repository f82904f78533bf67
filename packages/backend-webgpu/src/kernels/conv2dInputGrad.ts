import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { inputGradWindows, nothing } from "../conv/size.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const conv2dInputGrad =
  (choices: Choices): Prepare<"conv2dInputGrad", GpuKernel> =>
  ({ attrs, inputs, output }) => {
    const types = { from: inputs[0]!.dtype, to: output.dtype };
    return convolution(inputGradWindows(inputs, attrs), inputs[1]!, nothing, types, choices);
  };
