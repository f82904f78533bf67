/** The gradients of depthwise convolutions: see assembly/depthwise.ts. */
import type { ConvAttrs, Spec } from "@tatamijs/core/backend";
import { isEmpty, type Address, type Phase, type WasmKernel } from "../kernel.ts";
import { grainOf, tapsPack } from "./depthwise.ts";

/** dy, w (taps by channel) → the gradient of x. */
export function depthwiseInputGrad(output: Spec, attrs: ConvAttrs): WasmKernel {
  const [batch, h, w, channels] = output.shape as [number, number, number, number];
  const { kernel, stride, padding, dilation } = attrs;
  return {
    variant: `depthwise ${kernel[0]}×${kernel[1]}`,
    packs: [tapsPack(channels, kernel[0] * kernel[1])],
    phases: ({ inputs: [dy, taps], output: to }): Phase[] =>
      isEmpty(output)
        ? []
        : [
            {
              code: "depthwiseInputGrad",
              units: batch * h,
              grain: grainOf(w * channels * 4),
              args: [
                ...[dy!.at, taps!.at, to.at, ...attrs.output, channels, h, w, ...kernel, ...stride],
                ...[padding[0], padding[1], ...dilation],
              ],
            },
          ],
  };
}

/** x, dy → the gradient of the filters, [C, FH, FW, 1]. */
export function depthwiseWeightGrad(x: Spec, attrs: ConvAttrs): WasmKernel {
  const [batch, h, w, channels] = x.shape as [number, number, number, number];
  const { kernel, stride, padding, dilation } = attrs;
  const runs = Math.ceil(channels / 16);
  const words = (from: Address, dy: Address, to: Address): number[] => [
    ...[from, dy, to, h, w, channels, ...attrs.output, ...kernel, ...stride, padding[0], padding[1], ...dilation],
    ...[batch, 16],
  ];
  return {
    variant: `depthwise ${kernel[0]}×${kernel[1]}`,
    phases: ({ inputs: [from, dy], output }) => [
      { code: "depthwiseWeightGrad", units: kernel[0] * kernel[1] * runs, args: words(from!.at, dy!.at, output.at) },
    ],
  };
}
