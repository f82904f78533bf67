import type { Prepare } from "@tatamijs/core/backend";
import { along } from "../elementwise/lines.ts";
import type { GpuKernel } from "../kernel.ts";

export const softmax: Prepare<"softmax", GpuKernel> = (call) =>
  along(
    call,
    (x, store) => `  var sum = 0.0;
  for (var k = 0u; k < u.size; k++) { sum += exponential(${x} - most); }
  for (var k = 0u; k < u.size; k++) { ${store(`exponential(${x} - most) / sum`)} }`,
    ["exponential"],
  );
