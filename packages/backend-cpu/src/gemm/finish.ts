/** Results leave the panels: c → f32 memory, with bias; then, in place, residual and activation. */
import type { Activation } from "@tatamijs/core/backend";
import { once } from "../once.ts";
import { panels } from "./panels.ts";

/** `rows` rows of `width` from the start of c to out[at …], `stride` apart, plus bias[column]. */
type Store = (out: Float32Array, at: number, stride: number, rows: number, width: number, bias: Float32Array) => void;

export const store: () => Store = once(() => {
  const { c } = panels();
  return (out, at, stride, rows, width, bias) => {
    let from = 0;
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < width; j++) out[(at + j) | 0] = c[(from + j) | 0]! + bias[j]!;
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
  const bits = new Int32Array(out.buffer, out.byteOffset, out.length);
  switch (activation) {
    case "none":
      return nothing;
    case "relu":
      return (at, n) => relu(bits, at, n);
    case "relu6":
      return (at, n) => relu6(bits, at, n);
    case "sigmoid":
      return (at, n) => sigmoid(out, at, n);
    case "tanh":
      return (at, n) => tanh(out, at, n);
    case "silu":
      return (at, n) => silu(out, at, n);
  }
}

/**
 * On the bits of f32, without branches: signs are random here, and a mispredicted branch costs as much as the rest.
 * `nan` is −1 where the exponent and mantissa lie above those of ∞: a NaN stays one whatever its sign.
 */
function relu(bits: Int32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) {
    const b = bits[at]!;
    const nan = (0x7f800000 - (b & 0x7fffffff)) >> 31;
    bits[at] = b & (~(b >> 31) | nan);
  }
}

const six = 0x40c00000;

function relu6(bits: Int32Array, at: number, n: number): void {
  for (const end = at + n; at < end; at++) {
    const b = bits[at]!;
    const nan = (0x7f800000 - (b & 0x7fffffff)) >> 31;
    const over = ((b & ~(b >> 31)) - six) | 0;
    bits[at] = ((six + (over & (over >> 31))) & ~nan) | (b & nan);
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
