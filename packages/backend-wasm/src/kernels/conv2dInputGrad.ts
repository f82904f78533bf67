import type { Prepare } from "@tatamijs/core/backend";
import { isDepthwise } from "../conv/depthwise.ts";
import { depthwiseInputGrad } from "../conv/depthwiseGrad.ts";
import { inputGrad } from "../conv/inputGrad.ts";
import { winograd, winogradPays } from "../conv/winograd.ts";
import type { Choices, WasmKernel } from "../kernel.ts";

export const conv2dInputGrad =
  ({ strict }: Choices): Prepare<"conv2dInputGrad", WasmKernel> =>
  (call) => {
    const { attrs, output } = call;
    const filters = call.inputs[0]!.shape[3]!;
    const channels = output.shape[3]!;
    if (isDepthwise(channels, filters, attrs)) return depthwiseInputGrad(output, attrs);
    // For stride 1 it is the convolution of dy with the filters turned, padded by what the filter reaches beyond the padding.
    const [top, left, bottom, right] = attrs.padding;
    const turned = {
      ...attrs,
      input: attrs.output,
      output: attrs.input,
      padding: [2 - top, 2 - left, 2 - bottom, 2 - right] as const,
    };
    const size = { batch: output.shape[0]!, channels: filters, filters: channels };
    if (!strict && winogradPays(size, turned))
      return winograd(size, output, turned, { bias: false, residual: false, activation: "none" }, true);
    return inputGrad(call, attrs);
  };
