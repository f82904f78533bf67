import type { Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import type { Choices, WasmKernel } from "../kernel.ts";
import type { RestCode } from "../table.ts";

export const conv2d =
  ({ strict }: Choices, restCode: RestCode): Prepare<"conv2d", WasmKernel> =>
  (call) =>
    convolution(call, call.attrs, { bias: false, residual: false, activation: "none" }, strict, restCode);
