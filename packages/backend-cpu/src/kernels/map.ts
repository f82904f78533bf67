import { decline, type Prepare } from "@tatamijs/core/backend";
import { elementwise } from "../elementwise/machine.ts";
import { stepsOf } from "../elementwise/steps.ts";
import type { CpuKernel } from "../kernel.ts";

export const map: Prepare<"map", CpuKernel> = ({ attrs, inputs, output }) => {
  const steps = stepsOf(inputs, attrs.steps);
  return typeof steps === "string" ? decline(steps) : elementwise(inputs, output, steps.ops, steps.result);
};
