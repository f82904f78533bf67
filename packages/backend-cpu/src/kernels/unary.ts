import type { Prepare } from "@tatamijs/core/backend";
import { unaryInstruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const unary: Prepare<"unary", CpuKernel> = ({ attrs, inputs, output }) =>
  elementwise(inputs, output, [{ run: unaryInstruction(attrs.fn, inputs[0]!.dtype), to: 1, a: 0 }], 1);
