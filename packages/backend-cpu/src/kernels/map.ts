import { decline, type Prepare } from "@tatamijs/core/backend";
import { hoisted } from "../elementwise/hoist.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const map: Prepare<"map", CpuKernel> = ({ attrs, inputs, output }) => {
  const kernel = hoisted(inputs, attrs.steps, (operands, { ops, result }) =>
    elementwise(operands, output, ops, result),
  );
  return typeof kernel === "string" ? decline(kernel) : kernel;
};
