import { bytesPerElement, stridesOf, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import { filled } from "../movement/kernel.ts";
import { walk } from "../movement/walk.ts";

export const pad: Prepare<"pad", WasmKernel> = ({ attrs, inputs, output }) => {
  const { shape, dtype } = inputs[0]!;
  const strides = stridesOf(output.shape);
  const to = strides.map((stride, axis) => stride * (attrs.interior[axis]! + 1));
  const toStart = strides.reduce((at, stride, axis) => at + stride * attrs.before[axis]!, 0);
  const inner = walk({ shape, to, from: stridesOf(shape), toStart, fromStart: 0 }, bytesPerElement(dtype));
  return {
    variant: `fill, ${inner.how}`,
    phases: (io) => [filled(io.output, attrs.value), inner.phase(io.output.at, io.inputs[0]!.at)],
  };
};
