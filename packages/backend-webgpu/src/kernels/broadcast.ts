import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { GpuKernel } from "../kernel.ts";
import { move, toWhole } from "../movement/move.ts";

export const broadcast: Prepare<"broadcast", GpuKernel> = ({ inputs, output }) => {
  const from = inputs[0]!.shape;
  const steps = stridesOf(from).map((step, axis) => (from[axis] === 1 ? 0 : step));
  return move(output, [toWhole(output.shape, steps)]);
};
