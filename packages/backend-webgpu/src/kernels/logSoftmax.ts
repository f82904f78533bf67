import type { Prepare } from "@tatamijs/core/backend";
import { along } from "../elementwise/lines.ts";
import type { GpuKernel } from "../kernel.ts";

export const logSoftmax: Prepare<"logSoftmax", GpuKernel> = (call) =>
  along(
    call,
    (x, store) => `  var sum = 0.0;
  for (var k = 0u; k < u.size; k++) { sum += exponential(${x} - most); }
  let total = logarithm(sum);
  for (var k = 0u; k < u.size; k++) { ${store(`(${x} - most) - total`)} }`,
    ["exponential", "logarithm"],
  );
