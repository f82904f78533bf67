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

const nothing: After = () => {};

/** act(out + residual). */
export function after(out: Float32Array, residual: Float32Array | undefined, activation: Activation): After {
  const act = activationOf(out, activation);
  if (residual === undefined) return act;
  return (at, n) => {
    addTo(out, residual, at, n);
    act(at, n);
  };
}

function addTo(out: Float32Array, residual: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) out[at]! += residual[at]!;
}

function activationOf(out: Float32Array, activation: Activation): After {
  switch (activation) {
    case "none":
      return nothing;
    case "relu":
      return (at, n) => relu(out, at, n);
    case "relu6":
      return (at, n) => relu6(out, at, n);
    case "sigmoid":
      return (at, n) => sigmoid(out, at, n);
    case "tanh":
      return (at, n) => tanh(out, at, n);
    case "silu":
      return (at, n) => silu(out, at, n);
  }
}

function relu(out: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) out[at] = positive(out[at]!);
}

/** A comparison, for results above 6 are rare and it is well predicted; optimised `Math.min` costs 5 to 10 times as much. */
function relu6(out: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) {
    const x = positive(out[at]!);
    out[at] = x > 6 ? 6 : x;
  }
}

function sigmoid(out: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) out[at] = 1 / (1 + Math.exp(-out[at]!));
}

function tanh(out: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) out[at] = Math.tanh(out[at]!);
}

function silu(out: Float32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) {
    const x = out[at]!;
    out[at] = x / (1 + Math.exp(-x));
  }
}
