import type { Prepare } from "@tatamijs/core/backend";
import { instruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import type { CpuKernel } from "../kernel.ts";

export const binary: Prepare<"binary", CpuKernel> = ({ attrs, inputs, output }) =>
  elementwise(inputs, output, [{ run: instruction(attrs.fn, inputs[0]!.dtype), to: 2, a: 0, b: 1 }], 2);
