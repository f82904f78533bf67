import type { Prepare } from "@tatamijs/core/backend";
import { selectInstruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const select: Prepare<"select", CpuKernel> = ({ inputs, output }) =>
  elementwise(inputs, output, [{ run: selectInstruction(), to: 3, a: 0, b: 1, c: 2 }], 3);
