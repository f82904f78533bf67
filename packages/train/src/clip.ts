/** Gradient clipping: what is done to all gradients together before the optimiser sees them. */
import { add, div, maximum, minimum, mul, sqrt, square, sum, type Tensor } from "@tatamijs/core";
import { checkRate } from "./optim/optimizer.ts";

export type Gradients = Readonly<Record<string, Tensor>>;
export type Clip = (grads: Gradients) => Gradients;

/**
 * All gradients scaled by one factor so that their common 2-norm is at most `most`: PyTorch's `clip_grad_norm_`,
 * factor min(1, most/(norm + 1e-6)). A NaN stays a NaN.
 * @throws TatamiError `argument`.
 */
export function clipNorm(most: number): Clip {
  checkRate(most, "clipNorm", "most", 0);
  return (grads) => {
    const total = Object.values(grads)
      .map((g) => sum(square(g)))
      .reduce<Tensor | undefined>((a, b) => (a === undefined ? b : add(a, b)), undefined);
    if (total === undefined) return grads;
    const factor = minimum(div(most, add(sqrt(total), 1e-6)), 1);
    return mapValues(grads, (g) => mul(g, factor));
  };
}

/** Each element brought into [−most, most]: PyTorch's `clip_grad_value_`. A NaN stays a NaN. @throws TatamiError `argument`. */
export function clipValue(most: number): Clip {
  checkRate(most, "clipValue", "most", 0);
  return (grads) => mapValues(grads, (g) => maximum(minimum(g, most), -most));
}

function mapValues(grads: Gradients, f: (g: Tensor) => Tensor): Gradients {
  return Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, f(g)]));
}
