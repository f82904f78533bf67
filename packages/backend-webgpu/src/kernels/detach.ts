import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import type { GpuKernel } from "../kernel.ts";
import { move, toWhole } from "../movement/move.ts";

export const detach: Prepare<"detach", GpuKernel> = ({ output }) =>
  move(output, [toWhole([sizeOf(output.shape)], [1])]);
