import type { Prepare } from "@tatamijs/core/backend";
import { along } from "../elementwise/lines.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const softmax =
  (choices: Choices): Prepare<"softmax", GpuKernel> =>
  (call) =>
    along(
      call,
      {
        term: (x) => `exponential(${x} - most)`,
        result: (x) => `exponential(${x} - most) / sum`,
        uses: ["exponential"],
      },
      choices,
    );
