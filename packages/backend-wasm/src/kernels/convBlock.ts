import { decline, type Prepare } from "@tatamijs/core/backend";
import { direct } from "../conv/direct.ts";
import { clampOf } from "../gemm/product.ts";
import type { WasmKernel } from "../kernel.ts";

export const convBlock: Prepare<"convBlock", WasmKernel> = (call) =>
  clampOf(call.attrs.activation) === undefined
    ? decline(`${call.attrs.activation} is a chain of its own`)
    : direct(call, call.attrs, call.attrs);
