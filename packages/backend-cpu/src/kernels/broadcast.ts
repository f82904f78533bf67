import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";

export const broadcast: Prepare<"broadcast", CpuKernel> = ({ inputs, output: { shape } }) => {
  const from = inputs[0]!.shape;
  const steps = stridesOf(from).map((step, axis) => (from[axis] === 1 ? 0 : step));
  return move([{ shape, to: stridesOf(shape), from: steps, toStart: 0, fromStart: 0 }]);
};
