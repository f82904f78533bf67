import type { Prepare } from "@tatamijs/core/backend";
import { single } from "../elementwise/kernel.ts";
import type { WasmKernel } from "../kernel.ts";

export const select: Prepare<"select", WasmKernel> = ({ op, attrs, inputs, output }) =>
  single({ op, attrs }, inputs, output);
