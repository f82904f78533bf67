import { decline, type Prepare } from "@tatamijs/core/backend";
import { hoisted } from "../elementwise/hoist.ts";
import { reduction } from "../elementwise/reduction.ts";
import type { CpuKernel } from "../kernel.ts";

export const mapReduce: Prepare<"mapReduce", CpuKernel> = ({ attrs, inputs, output }) => {
  // `shape` is the last step's: smaller than what the inputs broadcast to, where it does not read them all.
  const kernel = hoisted(inputs, attrs.steps, (operands, steps, shape) =>
    reduction(attrs, shape, operands, output, steps),
  );
  return typeof kernel === "string" ? decline(kernel) : kernel;
};
