import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { convWindows } from "../conv/size.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const convBlock =
  (choices: Choices): Prepare<"convBlock", GpuKernel> =>
  ({ attrs, inputs, output }) => {
    const types = { from: inputs[0]!.dtype, to: output.dtype };
    return convolution(convWindows(inputs, attrs), inputs[1]!, attrs, types, choices);
  };
