import type { Prepare } from "@tatamijs/core/backend";
import { chain } from "../elementwise/chain.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const unary =
  (choices: Choices): Prepare<"unary", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    chain(inputs, output, [{ op: "unary", attrs, inputs: [0] }], choices);
