import { stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { move } from "../movement/kernel.ts";

export const slice: Prepare<"slice", CpuKernel> = ({ attrs, inputs, output: { shape } }) => {
  const strides = stridesOf(inputs[0]!.shape);
  const from = strides.map((stride, axis) => stride * attrs.steps[axis]!);
  const fromStart = strides.reduce((at, stride, axis) => at + stride * attrs.starts[axis]!, 0);
  return move([{ shape, to: stridesOf(shape), from, toStart: 0, fromStart }]);
};
