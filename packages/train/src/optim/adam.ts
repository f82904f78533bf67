/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), with PyTorch's formulas and defaults:
 *
 *     m' = β₁·m + (1 − β₁)·g        v' = β₂·v + (1 − β₂)·g²
 *     w' = w − η/(1 − β₁ᵗ) · m' / (√v'/√(1 − β₂ᵗ) + ε)
 *
 * Adam adds λ·w to g; AdamW takes w·(1 − η·λ) in the place of w. t counts steps from 1 and is a state, so a run can be
 * resumed; 1 − βᵗ is taken as −expm1(t·ln β), since 1 − 0.999 in f32 has lost four digits.
 */
import { add, div, expm1, mul, neg, show, sqrt, square, sub, TatamiError, type Tensor } from "@tatamijs/core";
import { checkNames } from "../names.ts";
import { checkRate, optimizer, type Optimizer } from "./optimizer.ts";

export interface AdamOptions {
  /** Default 0.001. */
  readonly lr?: number | undefined;
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number] | undefined;
  /** Default 1e-8. */
  readonly eps?: number | undefined;
  /** Default 0; AdamW 0.01. */
  readonly weightDecay?: number | undefined;
}

/** Slots: `exp_avg`, `exp_avg_sq`, and `step`. @throws TatamiError `argument`. */
export const adam = (options: AdamOptions = {}): Optimizer => make("adam", options, 0, false);

/** Slots: `exp_avg`, `exp_avg_sq`, and `step`. @throws TatamiError `argument`. */
export const adamw = (options: AdamOptions = {}): Optimizer => make("adamw", options, 0.01, true);

function make(name: string, options: AdamOptions, decay: number, decoupled: boolean): Optimizer {
  const names = { lr: true, betas: true, eps: true, weightDecay: true } as const;
  const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = decay } = checkNames(options, names, name);
  checkRate(lr, name, "lr", 0);
  checkRate(eps, name, "eps", 0);
  checkRate(weightDecay, name, "weightDecay", 0);
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new TatamiError("argument", `betas is ${show(betas)}; give two numbers such as [0.9, 0.999]`, { op: name });
  }
  const [b1, b2] = betas.map((beta: unknown, i) => checkRate(beta, name, `betas[${i}]`, 0, 1)) as [number, number];
  const correction = (t: Tensor, beta: number): Tensor | number =>
    beta === 0 ? 1 : neg(expm1(mul(t, Math.log(beta))));
  return optimizer({
    name,
    lr,
    own: ["exp_avg", "exp_avg_sq"],
    shared: ["step"],
    advance: ({ step }) => ({ step: add(step!, 1) }),
    parameter(w, grad, rate, { own, shared }) {
      const t = shared["step"]!;
      const g = decoupled || weightDecay === 0 ? grad : add(grad, mul(w, weightDecay));
      const m = add(mul(own["exp_avg"]!, b1), mul(g, 1 - b1));
      const v = add(mul(own["exp_avg_sq"]!, b2), mul(square(g), 1 - b2));
      const scale = correction(t, b2);
      const root = div(sqrt(v), typeof scale === "number" ? scale : sqrt(scale));
      const step = mul(div(m, add(root, eps)), div(rate, correction(t, b1)));
      const kept = decoupled && weightDecay !== 0 ? mul(w, sub(1, mul(rate, weightDecay))) : w;
      return { value: sub(kept, step), own: { exp_avg: m, exp_avg_sq: v } };
    },
  });
}
