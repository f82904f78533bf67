import { decline, type Prepare } from "@tatamijs/core/backend";
import { convolution } from "../conv/convolution.ts";
import { isDepthwise } from "../conv/depthwise.ts";
import { clampOf } from "../gemm/product.ts";
import type { Choices, WasmKernel } from "../kernel.ts";
import type { RestCode } from "../table.ts";

export const convBlock =
  ({ strict }: Choices, restCode: RestCode): Prepare<"convBlock", WasmKernel> =>
  (call) => {
    const { attrs, inputs } = call;
    if (clampOf(attrs.activation) === undefined) return decline(`${attrs.activation} is a chain of its own`);
    if (attrs.residual && isDepthwise(inputs[0]!.shape[3]!, inputs[1]!.shape[0]!, attrs))
      return decline("a sum behind a depthwise convolution is a chain of its own");
    return convolution(call, attrs, attrs, strict, restCode);
  };
