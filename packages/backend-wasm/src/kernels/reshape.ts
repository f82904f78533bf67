import type { Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";

/** Values in the same order: a copy, where the engine could not keep the address. */
export const moved: WasmKernel = {
  variant: "copy",
  inPlace: [0],
  phases: ({ inputs: [x], output }) =>
    x!.at === output.at
      ? []
      : [{ code: "copy", units: Math.ceil(output.bytes / 65536), args: [x!.at, output.at, output.bytes] }],
};

export const reshape: Prepare<"reshape", WasmKernel> = () => moved;
export const detach: Prepare<"detach", WasmKernel> = () => moved;
