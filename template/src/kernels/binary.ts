/** Functions of two values, f32, for operands of one shape or with one of them a single number. */
import type { Call, Declined } from "@tatamijs/core";
import { decline, sizeOf, type BinaryFn } from "@tatamijs/core/backend";
import type { Run } from "../kernel.ts";
import { viewOf } from "../memory.ts";

const functions: { readonly [F in BinaryFn]?: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

export function binary({ attrs: { fn }, inputs: [a, b], output }: Call<"binary">): Run | Declined {
  const f = functions[fn];
  if (f === undefined) return decline(`no ${fn} yet`);
  if (a!.dtype !== "f32") return decline(`${fn} takes f32 only`);
  const size = sizeOf(output.shape);
  // 1: every element is read in turn; 0: the same one again and again.
  const steps = [a!, b!].map(({ shape }) => (sizeOf(shape) === size ? 1 : sizeOf(shape) === 1 ? 0 : undefined));
  const [stepA, stepB] = steps;
  if (stepA === undefined || stepB === undefined) return decline("broadcasting by rows or columns is not here yet");
  return {
    name: `loop over ${fn}`,
    // An operand that is read again and again must not be overwritten.
    inPlace: steps.flatMap((step, k) => (step === 1 ? [k] : [])),
    run({ inputs: [left, right], output: to }) {
      const [p, q, y] = [viewOf(left!), viewOf(right!), viewOf(to)];
      for (let i = 0; i < size; i++) y[i] = f(p[i * stepA]!, q[i * stepB]!);
    },
  };
}
