/** Results leave the panels: c → f32 memory, with bias; then, in place, residual and activation. */
import type { Activation } from "@tatamijs/core/backend";
import { positive } from "../branchless.ts";
import { once } from "../once.ts";
import { panels } from "./panels.ts";

/** `rows` rows of `width` from the start of c to out[at …], `stride` apart, plus bias[column …]. */
type Store = (
  out: Float32Array,
  at: number,
  stride: number,
  rows: number,
  width: number,
  bias: Float32Array,
  column: number,
) => void;

export const store: () => Store = once(() => {
  const { c } = panels();
  return (out, at, stride, rows, width, bias, column) => {
    let from = 0;
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < width; j++) out[(at + j) | 0] = c[(from + j) | 0]! + bias[(column + j) | 0]!;
      from = (from + width) | 0;
      at = (at + stride) | 0;
    }
  };
});

/** What is done to results where they stand: out[at … at + n]. */
export type After = (at: number, n: number) => void;

/** act(out + residual). */
export function after(out: Float32Array, residual: Float32Array | undefined, activation: Activation): After {
  const act = activations[activation](out);
  if (residual === undefined) return act;
  return (at, n) => {
    addTo(out, residual, at, n);
    act(at, n);
  };
}

function addTo(out: Float32Array, residual: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) out[at]! += residual[at]!;
}

/**
 * Each closure has its own loop, and calls no function that has it: V8's middle compiler (Maglev) would inline that one,
 * and as it leaves a loop for the better compiler's code only where the loop is the function's own, the loop would stay
 * slow for the closure's next thousands of calls. Nor is `Math.min` in it, which Maglev makes ten times as dear.
 */
const activations: Readonly<Record<Activation, (out: Float32Array) => After>> = {
  none: () => () => {},
  relu: (out) => (at, n) => {
    for (const end = at + n; at < end; at++) out[at] = positive(out[at]!);
  },
  relu6: (out) => (at, n) => {
    for (const end = at + n; at < end; at++) {
      const x = positive(out[at]!);
      out[at] = x > 6 ? 6 : x;
    }
  },
  sigmoid: (out) => (at, n) => {
    for (const end = at + n; at < end; at++) out[at] = 1 / (1 + Math.exp(-out[at]!));
  },
  tanh: (out) => (at, n) => {
    for (const end = at + n; at < end; at++) out[at] = Math.tanh(out[at]!);
  },
  silu: (out) => (at, n) => {
    for (const end = at + n; at < end; at++) {
      const x = out[at]!;
      out[at] = x / (1 + Math.exp(-x));
    }
  },
};
