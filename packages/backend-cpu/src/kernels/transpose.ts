import { permuted, stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";

export const transpose: Prepare<"transpose", CpuKernel> = ({ attrs, inputs, output: { shape } }) =>
  move([
    { shape, to: stridesOf(shape), from: permuted(stridesOf(inputs[0]!.shape), attrs.perm), toStart: 0, fromStart: 0 },
  ]);
