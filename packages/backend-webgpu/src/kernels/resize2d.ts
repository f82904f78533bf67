import type { Prepare } from "@tatamijs/core/backend";
import { mix } from "../images/mix.ts";
import { mixes } from "../images/taps.ts";
import type { GpuKernel } from "../kernel.ts";

export const resize2d: Prepare<"resize2d", GpuKernel> = ({ attrs, inputs: [x], output }) =>
  mix(
    {
      batch: x!.shape[0]!,
      channels: x!.shape[3]!,
      input: attrs.input,
      output: attrs.output,
      rows: mixes(0, attrs),
      columns: mixes(1, attrs),
    },
    output,
  );
