import type { Prepare } from "@tatamijs/core/backend";
import { along } from "../elementwise/lines.ts";
import type { GpuKernel } from "../kernel.ts";

export const logSoftmax: Prepare<"logSoftmax", GpuKernel> = (call) =>
  along(
    call,
    `  var sum = 0.0;
  for (var k = 0u; k < u.size; k++) { sum += exponential(LOAD - most); }
  let total = logarithm(sum);
  for (var k = 0u; k < u.size; k++) { STORE((LOAD - most) - total); }`,
    ["exponential", "logarithm"],
  );
