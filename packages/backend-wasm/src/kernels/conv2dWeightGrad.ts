import type { Prepare } from "@tatamijs/core/backend";
import { isDepthwise } from "../conv/depthwise.ts";
import { depthwiseWeightGrad } from "../conv/depthwiseGrad.ts";
import { weightGrad } from "../conv/weightGrad.ts";
import type { WasmKernel } from "../kernel.ts";

export const conv2dWeightGrad: Prepare<"conv2dWeightGrad", WasmKernel> = (call) => {
  const [x, dy] = call.inputs;
  return isDepthwise(x!.shape[3]!, dy!.shape[3]!, call.attrs)
    ? depthwiseWeightGrad(x!, call.attrs)
    : weightGrad(call, call.attrs);
};
