import type { Prepare } from "@tatamijs/core/backend";
import { along } from "../elementwise/lines.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const logSoftmax =
  (choices: Choices): Prepare<"logSoftmax", GpuKernel> =>
  (call) =>
    along(
      call,
      {
        term: (x) => `exponential(${x} - most)`,
        once: "  let total = logarithm(sum);",
        result: (x) => `(${x} - most) - total`,
        uses: ["exponential", "logarithm"],
      },
      choices,
    );
