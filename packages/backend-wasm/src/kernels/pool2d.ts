import type { Prepare } from "@tatamijs/core/backend";
import { mixed } from "../images/mix.ts";
import { windows, type Maps } from "../images/taps.ts";
import type { WasmKernel } from "../kernel.ts";

export const pool2d: Prepare<"pool2d", WasmKernel> = ({ attrs, inputs: [x] }) => {
  const maps: Maps = {
    batch: x!.shape[0]!,
    channels: x!.shape[3]!,
    input: attrs.input,
    output: attrs.output,
    rows: windows(0, attrs),
    columns: windows(1, attrs),
  };
  return attrs.fn === "max"
    ? mixed("rows, then columns", "maxPool", maps)
    : mixed("rows, then columns", "mix", maps, true);
};
