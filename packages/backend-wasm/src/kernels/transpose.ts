import { permuted, stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";
import { toWhole } from "../movement/walk.ts";

export const transpose: Prepare<"transpose", WasmKernel> = ({ attrs, inputs, output }) =>
  move(output, [toWhole(output.shape, permuted(stridesOf(inputs[0]!.shape), attrs.perm))]);
