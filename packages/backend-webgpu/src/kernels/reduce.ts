import type { Prepare } from "@tatamijs/core/backend";
import { reduction } from "../elementwise/reduction.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const reduce =
  (choices: Choices): Prepare<"reduce", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    reduction(attrs, inputs[0]!.shape, inputs, output, [], choices);
