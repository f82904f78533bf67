/** Depthwise convolutions: see assembly/depthwise.ts. */
import type { Call, ConvAttrs, Pack } from "@tatamijs/core/backend";
import { clampOf, zeroPanel } from "../gemm/product.ts";
import { float, isEmpty, type WasmKernel } from "../kernel.ts";
import type { Following } from "./direct.ts";
import { ceilTo } from "../values.ts";

/** One filter for each channel. */
export function isDepthwise(channels: number, filters: number, { groups }: ConvAttrs): boolean {
  return groups === channels && filters === channels && groups > 1;
}

/** Rows of about this many bytes make a unit. */
const unitBytes = 2 ** 15;

/** Filters [C, FH, FW, 1] → [FH·FW, C], and room for the last vector. */
export function tapsPack(channels: number, taps: number): Pack {
  const kernel: WasmKernel = {
    variant: "taps by channel",
    phases: ({ inputs: [w], output }) => [
      { code: "turn", units: Math.ceil(taps / 4), args: [w!.at, output.at, channels, taps] },
    ],
  };
  return { input: 1, key: "taps-channels", bytes: ceilTo(taps * channels * 4, 16) + 16, kernel };
}

export function depthwise(
  { inputs: [x], output }: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
  { bias, activation }: Pick<Following, "bias" | "activation">,
): WasmKernel {
  const [batch, , , channels] = x!.shape as [number, number, number, number];
  const { input, kernel, stride, padding, dilation } = attrs;
  const [oh, ow] = attrs.output;
  const clamp = clampOf(activation)!;
  // How far windows reach beyond a row, to the left or to the right.
  const beyond = Math.max(padding[1], (ow - 1) * stride[1] + kernel[1] - padding[1] - input[1]);
  const tiled =
    (kernel[1] === 3 || kernel[1] === 5) && dilation[1] === 1 && stride[1] <= 2 && beyond * 2 < kernel[1] && ow >= 4
      ? kernel[1] * 2 + stride[1] - 1
      : 0;
  return {
    variant: `depthwise ${kernel[0]}×${kernel[1]}${tiled === 0 ? ", tap by tap" : ""}`,
    packs: [tapsPack(channels, kernel[0] * kernel[1])],
    phases(io) {
      if (isEmpty(output)) return [];
      const args = [
        ...[io.inputs[0]!.at, io.inputs[1]!.at, io.output.at, ...input, channels, oh, ow, ...kernel, ...stride],
        ...[padding[0], padding[1], ...dilation, bias ? io.inputs[2]!.at : 0, float(clamp[0]), float(clamp[1])],
        ...[zeroPanel(io), tiled],
      ];
      return [{ code: "depthwise", units: batch * oh, grain: grainOf(ow * channels * 4), args }];
    },
  };
}

export const grainOf = (bytes: number): number => Math.max(1, Math.round(unitBytes / Math.max(1, bytes)));
