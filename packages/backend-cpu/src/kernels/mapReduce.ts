import { broadcastShapes, decline, type Prepare } from "@tatamijs/core/backend";
import { reduction } from "../elementwise/reduction.ts";
import { stepsOf } from "../elementwise/steps.ts";
import type { CpuKernel } from "../kernel.ts";

export const mapReduce: Prepare<"mapReduce", CpuKernel> = ({ attrs, inputs, output }) => {
  const steps = stepsOf(inputs, attrs.steps);
  if (typeof steps === "string") return decline(steps);
  const shape = inputs.reduce<readonly number[]>((all, spec) => broadcastShapes(all, spec.shape, "mapReduce"), []);
  return reduction(attrs, shape, inputs, output, steps);
};
