/** Which algorithm a convolution takes. */
import type { Call, ConvAttrs } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import type { RestCode } from "../table.ts";
import { depthwise, isDepthwise } from "./depthwise.ts";
import { direct, type Following } from "./direct.ts";
import { stridedScheme } from "./stridedScheme.ts";
import { winograd, winogradPays } from "./winograd.ts";

export function convolution(
  call: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
  following: Following,
  strict: boolean,
  restCode: RestCode,
): WasmKernel | Promise<WasmKernel> {
  const [x, w] = call.inputs;
  const size = { batch: x!.shape[0]!, channels: x!.shape[3]!, filters: w!.shape[0]! };
  if (isDepthwise(size.channels, size.filters, attrs)) return depthwise(call, attrs, following);
  if (!strict && winogradPays(size, attrs)) return winograd(size, call.output, attrs, following);
  const strided = strict ? undefined : stridedScheme(size, attrs);
  if (strided !== undefined)
    return restCode().then(({ winogradStrided }) => winogradStrided(strided, size, call.output, attrs, following));
  return direct(call, attrs, following);
}
