import type { Prepare } from "@tatamijs/core/backend";
import { mix } from "../images/mix.ts";
import { mixes, transposed } from "../images/taps.ts";
import type { GpuKernel } from "../kernel.ts";

export const resize2dGrad: Prepare<"resize2dGrad", GpuKernel> = ({ attrs, inputs: [dy], output }) =>
  mix(
    {
      batch: dy!.shape[0]!,
      channels: dy!.shape[3]!,
      input: attrs.output,
      output: attrs.input,
      rows: transposed(mixes(0, attrs), attrs.input[0]),
      columns: transposed(mixes(1, attrs), attrs.input[1]),
    },
    output,
  );
