import { permuted, stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { GpuKernel } from "../kernel.ts";
import { move, toWhole } from "../movement/move.ts";

export const transpose: Prepare<"transpose", GpuKernel> = ({ attrs, inputs, output }) =>
  move(output, [toWhole(output.shape, permuted(stridesOf(inputs[0]!.shape), attrs.perm))]);
