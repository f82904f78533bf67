import type { Prepare } from "@tatamijs/core/backend";
import { chain } from "../elementwise/chain.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const map =
  (choices: Choices): Prepare<"map", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    chain(inputs, output, attrs.steps, choices);
