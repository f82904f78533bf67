import type { Prepare } from "@tatamijs/core/backend";
import { direct } from "../conv/direct.ts";
import { packOf } from "../conv/pack.ts";
import { filterPanels, inputGradWindows, nothing } from "../conv/size.ts";
import type { GpuKernel } from "../kernel.ts";

export const conv2dInputGrad: Prepare<"conv2dInputGrad", GpuKernel> = ({ attrs, inputs, output }) => {
  const windows = inputGradWindows(inputs, attrs);
  const types = { from: inputs[0]!.dtype, to: output.dtype };
  return direct({ windows, following: nothing, types }, [packOf(1, inputs[1]!, filterPanels(windows))]);
};
