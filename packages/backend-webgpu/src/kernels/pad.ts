import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { GpuKernel } from "../kernel.ts";
import { move } from "../movement/move.ts";

export const pad: Prepare<"pad", GpuKernel> = ({ attrs, inputs, output }) => {
  const { shape } = inputs[0]!;
  const strides = stridesOf(output.shape);
  const to = strides.map((stride, axis) => stride * (attrs.interior[axis]! + 1));
  const toStart = strides.reduce((at, stride, axis) => at + stride * attrs.before[axis]!, 0);
  return move(output, [{ shape, to, from: stridesOf(shape), toStart, fromStart: 0 }], attrs.value);
};
