import type { Prepare } from "@tatamijs/core/backend";
import { chain } from "../elementwise/chain.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const cast =
  (choices: Choices): Prepare<"cast", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    chain(inputs, output, [{ op: "cast", attrs, inputs: [0] }], choices);
