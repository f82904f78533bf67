import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";
import { toWhole } from "../movement/walk.ts";

export const broadcast: Prepare<"broadcast", WasmKernel> = ({ inputs, output }) => {
  const { shape } = inputs[0]!;
  const steps = stridesOf(shape).map((step, axis) => (shape[axis] === 1 ? 0 : step));
  return move(output, [toWhole(output.shape, steps)]);
};
