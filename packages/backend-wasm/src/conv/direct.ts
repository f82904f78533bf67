/** conv2d with bias, residual and activation as products: windows times filters, one product for each group. */
import type { Activation, Call, ConvAttrs } from "@tatamijs/core/backend";
import { clampOf, gemmLocal, packed, panelBytes, product, type Source } from "../gemm/product.ts";
import { isEmpty, type WasmKernel } from "../kernel.ts";
import { border, frame, frameBytes, windows } from "./window.ts";

export interface Following {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly activation: Activation;
}

export function direct(
  { inputs: [x, w], output: spec }: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
  { bias, residual, activation }: Following,
): WasmKernel {
  const [batch, channels, filters] = [x!.shape[0]!, x!.shape[3]!, w!.shape[0]!];
  const { groups, kernel, output } = attrs;
  const count = channels / groups;
  const columns = filters / groups;
  const depth = kernel[0] * kernel[1] * count;
  const map = frame(attrs);
  const sources = Array.from({ length: groups }, (_, group): Source => ({
    runs: [group * columns * depth],
    length: depth,
    along: 1,
    columns,
    across: depth,
  }));
  return {
    variant: `gemm ${kernel[0]}×${kernel[1]}${groups === 1 ? "" : `, ${groups} groups`}`,
    scratch: frameBytes(map, batch, channels),
    local: gemmLocal,
    packs: [packed(1, `panels8 ${groups}`, sources)],
    phases(io) {
      if (isEmpty(spec)) return [];
      const from = io.inputs[0]!.at;
      const at = map.asIs ? from : io.scratch;
      const extra = (k: number, group: number): number => io.inputs.at(k)!.at + group * columns * 4;
      return [
        ...border(map, from, io.scratch, batch, attrs.input, channels),
        ...sources.map((source, group) =>
          product(io, {
            rows: batch * output[0] * output[1],
            columns,
            a: windows(io, at + group * count * 4, map, batch, channels, count, attrs),
            b: io.inputs[1]!.at + group * panelBytes(source),
            c: io.output.at + group * columns * 4,
            ldc: filters,
            bias: bias ? extra(2, group) : undefined,
            residual: residual ? extra(-1, group) : undefined,
            clamp: clampOf(activation)!,
          }),
        ),
      ];
    },
  };
}
