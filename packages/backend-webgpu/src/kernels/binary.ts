import type { Prepare } from "@tatamijs/core/backend";
import { chain } from "../elementwise/chain.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const binary =
  (choices: Choices): Prepare<"binary", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    chain(inputs, output, [{ op: "binary", attrs, inputs: [0, 1] }], choices);
