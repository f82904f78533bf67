import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { GpuKernel } from "../kernel.ts";
import { move, toWhole } from "../movement/move.ts";

export const slice: Prepare<"slice", GpuKernel> = ({ attrs, inputs, output }) => {
  const strides = stridesOf(inputs[0]!.shape);
  const steps = strides.map((stride, axis) => stride * attrs.steps[axis]!);
  const start = strides.reduce((at, stride, axis) => at + stride * attrs.starts[axis]!, 0);
  return move(output, [toWhole(output.shape, steps, start)]);
};
