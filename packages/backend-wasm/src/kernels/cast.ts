import type { Prepare } from "@tatamijs/core/backend";
import { single } from "../elementwise/kernel.ts";
import type { WasmKernel } from "../kernel.ts";

export const cast: Prepare<"cast", WasmKernel> = ({ op, attrs, inputs, output }) =>
  single({ op, attrs }, inputs, output);
