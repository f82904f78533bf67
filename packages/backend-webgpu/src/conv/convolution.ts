/** A convolution by the algorithm that its sizes make the fastest. */
import type { Call, ConvAttrs } from "@tatamijs/core/backend";
import type { Choices, GpuKernel } from "../kernel.ts";
import { direct } from "./direct.ts";
import { packOf } from "./pack.ts";
import { convWindows, filterPanels, type Following } from "./size.ts";

export function convolution(
  { inputs, output }: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
  following: Following,
  _choices: Choices,
): GpuKernel {
  const windows = convWindows(inputs, attrs);
  const types = { from: inputs[0]!.dtype, to: output.dtype };
  return direct({ windows, following, types }, [packOf(1, inputs[1]!, filterPanels(windows))]);
}
