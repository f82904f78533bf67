import type { Prepare } from "@tatamijs/core/backend";
import { instruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const silu: Prepare<"silu", CpuKernel> = ({ inputs, output }) => {
  const ops = [
    { run: instruction("sigmoid", "f32"), to: 1, a: 0 },
    { run: instruction("mul", "f32"), to: 1, a: 0, b: 1 },
  ];
  return elementwise(inputs, output, ops, 1);
};
