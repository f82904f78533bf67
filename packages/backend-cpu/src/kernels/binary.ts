import type { Prepare } from "@tatamijs/core/backend";
import { binaryInstruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const binary: Prepare<"binary", CpuKernel> = ({ attrs, inputs, output }) =>
  elementwise(inputs, output, [{ run: binaryInstruction(attrs.fn, inputs[0]!.dtype), to: 2, a: 0, b: 1 }], 2);
