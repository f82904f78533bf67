import { broadcastShapes, decline, type MapStep, type Prepare, type Shape } from "@tatamijs/core/backend";
import { reduction } from "../elementwise/reduction.ts";
import { stepsOf } from "../elementwise/steps.ts";
import type { CpuKernel } from "../kernel.ts";

export const mapReduce: Prepare<"mapReduce", CpuKernel> = ({ attrs, inputs, output }) => {
  const steps = stepsOf(inputs, attrs.steps);
  if (typeof steps === "string") return decline(steps);
  const shape = chainShape(
    inputs.map((spec) => spec.shape),
    attrs.steps,
  );
  return reduction(attrs, shape, inputs, output, steps);
};

/** The shape of the last step: smaller than what the inputs broadcast to, where it does not read them all. */
function chainShape(inputs: readonly Shape[], steps: readonly MapStep[]): Shape {
  const shapes = [...inputs];
  for (const { inputs: from } of steps) {
    shapes.push(from.map((k) => shapes[k]!).reduce((all, shape) => broadcastShapes(all, shape, "mapReduce")));
  }
  return shapes.at(-1)!;
}
