/**
 * Stochastic gradient descent, with PyTorch's formulas: for weights w, gradient g, weight decay λ, momentum μ, rate η
 *
 *     g' = g + λ·w        v' = μ·v + (1 − dampening)·g'        w' = w − η·v'        (Nesterov: w − η·(g' + μ·v'))
 *
 * PyTorch's first step takes v' = g'; from v = 0 that differs only with dampening, which is therefore not offered.
 */
import { add, mul, show, sub, TatamiError } from "@tatamijs/core";
import { checkNames } from "../names.ts";
import { checkRate, optimizer, type Optimizer } from "./optimizer.ts";

export interface SgdOptions {
  /** Default 0.001. */
  readonly lr?: number | undefined;
  /** Default 0: no velocity is kept. */
  readonly momentum?: number | undefined;
  /** Look ahead by one step. Default false; needs momentum. */
  readonly nesterov?: boolean | undefined;
  /** Added to the gradient as weightDecay·w. Default 0. */
  readonly weightDecay?: number | undefined;
}

/** Slots: `momentum_buffer`, with momentum. @throws TatamiError `argument`. */
export function sgd(options: SgdOptions = {}): Optimizer {
  const names = { lr: true, momentum: true, nesterov: true, weightDecay: true } as const;
  const { lr = 1e-3, momentum = 0, nesterov = false, weightDecay = 0 } = checkNames(options, names, "sgd");
  checkRate(lr, "sgd", "lr", 0);
  checkRate(momentum, "sgd", "momentum", 0);
  checkRate(weightDecay, "sgd", "weightDecay", 0);
  if (typeof nesterov !== "boolean" || (nesterov && momentum === 0)) {
    throw new TatamiError(
      "argument",
      `nesterov is ${show(nesterov)} with momentum ${momentum}; give true with a momentum above 0, or false`,
      { op: "sgd" },
    );
  }
  return optimizer({
    name: "sgd",
    lr,
    own: momentum > 0 ? ["momentum_buffer"] : [],
    shared: [],
    advance: () => ({}),
    parameter(w, grad, rate, { own }) {
      const g = weightDecay === 0 ? grad : add(grad, mul(w, weightDecay));
      if (momentum === 0) return { value: sub(w, mul(g, rate)), own: {} };
      const velocity = add(mul(own["momentum_buffer"]!, momentum), g);
      const direction = nesterov ? add(g, mul(velocity, momentum)) : velocity;
      return { value: sub(w, mul(direction, rate)), own: { momentum_buffer: velocity } };
    },
  });
}
