import { mix, sizeOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";

/** Numbers of a unit, as in assembly/random.ts. */
const block = 4096;

export const random: Prepare<"random", WasmKernel> = ({ attrs: { seed, stream }, output: spec }) => {
  const count = sizeOf(spec.shape);
  const start = mix((mix((seed + 0x9e3779b9) | 0) + stream) | 0);
  return {
    variant: "four at once",
    phases: ({ inputs: [counter], output }) => [
      { code: "random", units: Math.ceil(count / block), args: [counter!.at, output.at, count, start] },
    ],
  };
};
