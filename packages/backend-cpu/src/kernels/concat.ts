import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";

export const concat: Prepare<"concat", CpuKernel> = ({ attrs: { axis }, inputs, output }) => {
  const to = stridesOf(output.shape);
  let start = 0;
  return move(
    inputs.map(({ shape }) => {
      const toStart = start * to[axis]!;
      start += shape[axis]!;
      return { shape, to, from: stridesOf(shape), toStart, fromStart: 0 };
    }),
  );
};
