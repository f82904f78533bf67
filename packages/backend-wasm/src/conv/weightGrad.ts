/**
 * The gradient of a convolution by its filters: Σ over windows of dyᵀ · window, which is a product whose depth goes over all
 * windows. Each row of the filter is a run of columns, as in the forward pass (window.ts).
 */
import type { Call, ConvAttrs } from "@tatamijs/core/backend";
import { gemmLocal } from "../gemm/product.ts";
import { isEmpty, type Phase, type WasmKernel } from "../kernel.ts";
import { panelColumns } from "../microkernels.ts";
import { border, frame, frameBytes, windows } from "./window.ts";

export function weightGrad(
  { inputs: [x, dy], output: spec }: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
): WasmKernel {
  const [batch, , , channels] = x!.shape as [number, number, number, number];
  const filters = dy!.shape[3]!;
  const { kernel, dilation, groups, output } = attrs;
  const [count, rows] = [channels / groups, filters / groups];
  const map = frame(attrs);
  const depth = kernel[0] * kernel[1] * count;
  const whole = groups === 1 && dilation[1] === 1;
  // Runs of a window, and where each lies in the filter.
  const across = whole ? 1 : kernel[1];
  const columns = whole ? kernel[1] * count : count;
  const panels = Math.ceil(columns / panelColumns);
  const windowsOf = batch * output[0] * output[1];
  // Some 2¹⁹ multiply–adds for a unit, if there are so many panels.
  const each = Math.max(1, Math.min(panels, Math.round(2 ** 19 / (panelColumns * rows * windowsOf + 1))));
  const blocks = Math.ceil(panels / each);
  return {
    variant: `gemm ${kernel[0]}×${kernel[1]} over windows${groups === 1 ? "" : `, ${groups} groups`}`,
    scratch: frameBytes(map, batch, channels),
    local: gemmLocal,
    phases(io) {
      if (isEmpty(spec)) return [];
      const from = io.inputs[0]!.at;
      const at = map.asIs ? from : io.scratch;
      const { places } = windows(io, at, map, batch, channels, count, attrs);
      const runs = io.table(`filter runs ${[map.width, channels, count, ...kernel, ...dilation].join()}`, () =>
        Int32Array.from({ length: kernel[0] * across * 2 }, (_, i) => {
          const [run, side] = [i >> 1, i & 1];
          const [fy, fx] = [Math.floor(run / across), run % across];
          return side === 1 ? run * columns * 4 : (fy * dilation[0] * map.width + fx * dilation[1]) * channels * 4;
        }),
      );
      const products = Array.from({ length: groups }, (_, group): Phase => {
        const a = io.inputs[1]!.at + group * rows * 4;
        const b = at + group * count * 4;
        const c = io.output.at + group * rows * depth * 4;
        const args = [a, filters * 4, b, places, windowsOf, c, depth * 4, rows, columns, each, blocks, runs];
        return { code: "gemmColumns", units: kernel[0] * across * blocks, args };
      });
      return [...border(map, from, io.scratch, batch, attrs.input, channels), ...products];
    },
  };
}
