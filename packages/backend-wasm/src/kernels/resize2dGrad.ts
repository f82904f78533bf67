import type { Prepare } from "@tatamijs/core/backend";
import { mixed } from "../images/mix.ts";
import { mixes, transposed } from "../images/taps.ts";
import type { WasmKernel } from "../kernel.ts";

/** The transpose of resize2d: each output's gradient goes back to what it mixed. */
export const resize2dGrad: Prepare<"resize2dGrad", WasmKernel> = ({ attrs, inputs: [dy] }) =>
  mixed("rows, then columns", "mix", {
    batch: dy!.shape[0]!,
    channels: dy!.shape[3]!,
    input: attrs.output,
    output: attrs.input,
    rows: transposed(mixes(0, attrs), attrs.input[0]),
    columns: transposed(mixes(1, attrs), attrs.input[1]),
  });
