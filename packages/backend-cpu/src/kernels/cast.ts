import type { Prepare } from "@tatamijs/core/backend";
import { castInstruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const cast: Prepare<"cast", CpuKernel> = ({ attrs, inputs, output }) =>
  elementwise(inputs, output, [{ run: castInstruction(inputs[0]!.dtype, attrs.dtype), to: 1, a: 0 }], 1);
