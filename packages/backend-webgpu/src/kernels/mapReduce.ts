import type { MapStep, Operand, Prepare, Shape } from "@tatamijs/core/backend";
import { reduction } from "../elementwise/reduction.ts";
import type { Choices, GpuKernel } from "../kernel.ts";

export const mapReduce =
  (choices: Choices): Prepare<"mapReduce", GpuKernel> =>
  ({ attrs, inputs, output }) =>
    reduction(attrs, shapeOf(inputs, attrs.steps), inputs, output, attrs.steps, choices);

/** What the last step broadcasts to: smaller than all inputs together, where it does not read them all. */
function shapeOf(inputs: readonly Operand[], steps: readonly MapStep[]): Shape {
  const shapes: Shape[] = inputs.map(({ shape }) => shape);
  for (const step of steps) {
    const own = step.inputs.map((k) => shapes[k]!);
    shapes.push(own[0]!.map((_, a) => own.reduce((size, shape) => (size === 1 ? shape[a]! : size), 1)));
  }
  return shapes.at(-1)!;
}
