import { decline, type Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { clampOf } from "../gemm/product.ts";
import type { Choices, WasmKernel } from "../kernel.ts";

export const convBlock =
  ({ strict }: Choices): Prepare<"convBlock", WasmKernel> =>
  (call) =>
    clampOf(call.attrs.activation) === undefined
      ? decline(`${call.attrs.activation} is a chain of its own`)
      : convolution(call, call.attrs, call.attrs, strict);
