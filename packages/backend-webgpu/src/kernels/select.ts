import type { Prepare } from "@tatamijs/core/backend";
import { chain } from "../elementwise/chain.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const select =
  (choices: Choices): Prepare<"select", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    chain(inputs, output, [{ op: "select", attrs, inputs: [0, 1, 2] }], choices);
