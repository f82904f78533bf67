/** The activations that blocks end with: value, and what is left of an error before them. Units as in `functions.ts`. */
import type { Activation } from "@tatamijs/core";
import { unaryFunctions } from "./functions.ts";
import type { Meaning } from "./meaning.ts";

export const activationList: readonly Activation[] = ["none", "relu", "relu6", "sigmoid", "tanh", "silu"];

const { relu, sigmoid, tanh } = unaryFunctions;
const silu = (x: number): number => (x === -Infinity ? NaN : x * sigmoid.f(x));

export const activationFunctions: Readonly<Record<Activation, (x: number) => number>> = {
  none: (x) => x,
  relu: relu.f,
  relu6: (x) => (Number.isNaN(x) ? x : Math.min(relu.f(x), 6)),
  sigmoid: sigmoid.f,
  tanh: tanh.f,
  silu,
};

/** Largest slope anywhere near x is enough: sigmoid ¼, the others about 1. */
const slope: Readonly<Record<Activation, number>> = { none: 1, relu: 1, relu6: 1, sigmoid: 0.25, tanh: 1, silu: 1.1 };

/** σ and tanh round by themselves. */
function own(activation: Activation, x: number): number {
  const y = activationFunctions[activation](x);
  if (activation === "sigmoid") return 8 * y + sigmoid.condition!(x);
  if (activation === "tanh") return 8 * Math.abs(y);
  if (activation === "silu") return 12 * Math.abs(y) + Math.abs(x) * sigmoid.condition!(x);
  return 0;
}

/** `activation` over a meaning that says how far off it may be. */
export function activated(z: Meaning, activation: Activation): Meaning {
  const { shape, dtype, size } = z;
  const values = z.values.map(activationFunctions[activation]);
  const error = z.values.map((x, i) => slope[activation] * (z.error?.[i] ?? 0) + own(activation, x));
  const piecewise = activation === "none" || activation === "relu" || activation === "relu6";
  return { shape, dtype, values, error, ...(piecewise && size !== undefined ? { size } : {}) };
}
