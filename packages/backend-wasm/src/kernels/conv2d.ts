import type { Prepare } from "@tatamijs/core/backend";
import { direct } from "../conv/direct.ts";
import type { WasmKernel } from "../kernel.ts";

export const conv2d: Prepare<"conv2d", WasmKernel> = (call) =>
  direct(call, call.attrs, { bias: false, residual: false, activation: "none" });
