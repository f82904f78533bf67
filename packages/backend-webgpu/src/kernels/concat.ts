import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { GpuKernel } from "../kernel.ts";
import { move } from "../movement/move.ts";

export const concat: Prepare<"concat", GpuKernel> = ({ attrs: { axis }, inputs, output }) => {
  const to = stridesOf(output.shape);
  let start = 0;
  const boxes = inputs.map(({ shape }) => {
    const toStart = start * to[axis]!;
    start += shape[axis]!;
    return { shape, to, from: stridesOf(shape), toStart, fromStart: 0 };
  });
  return move(output, boxes);
};
