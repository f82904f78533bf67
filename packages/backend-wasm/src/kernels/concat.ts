import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";

export const concat: Prepare<"concat", WasmKernel> = ({ attrs: { axis }, inputs, output }) => {
  const to = stridesOf(output.shape);
  let start = 0;
  return move(
    output,
    inputs.map(({ shape }) => {
      const toStart = start * to[axis]!;
      start += shape[axis]!;
      return { shape, to, from: stridesOf(shape), toStart, fromStart: 0 };
    }),
  );
};
