/**
 * Activations beside `relu`, `sigmoid`, `tanh`, `gelu` and `silu`, with PyTorch's names and defaults, said in primitives.
 *
 * Where one of two branches is taken, the argument of the other is clamped first: a branch that overflows unseen would
 * still send NaN back (0·∞).
 */
import { checkFinite, checkOptions, checkTensor, toArithmetic, toFloat } from "../operand.ts";
import { TatamiError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, less, lessEqual, maximum, minimum, mul } from "./binary.ts";
import { select } from "./select.ts";
import { exp, expm1, log1p, relu } from "./unary.ts";

/** min(max(x, 0), 6). @throws TatamiError `argument`. */
export function relu6<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return minimum(relu(toFloat(checkTensor(x, "relu6", "x"))), 6) as Tensor<S>;
}

/** x where x > 0, else `slope`·x (default 0.01). @throws TatamiError `argument`. */
export function leakyRelu<S extends Shape>(x: Tensor<S>, slope: number = 0.01): Tensor<S> {
  const from = toFloat(checkTensor(x, "leakyRelu", "x"));
  return select(lessEqual(from, 0), mul(from, checkFinite(slope, "leakyRelu", "slope")), from) as Tensor<S>;
}

/** x where x > 0, else α(eˣ − 1) (default α = 1). @throws TatamiError `argument`. */
export function elu<S extends Shape>(x: Tensor<S>, alpha: number = 1): Tensor<S> {
  const from = toFloat(checkTensor(x, "elu", "x"));
  return select(
    lessEqual(from, 0),
    mul(expm1(minimum(from, 0)), checkFinite(alpha, "elu", "alpha")),
    from,
  ) as Tensor<S>;
}

export interface SoftplusOptions {
  /** Default 1. */
  readonly beta?: number | undefined;
  /** Where β·x is above it, x itself. Default 20. */
  readonly threshold?: number | undefined;
}

/** log(1 + e^(βx))/β. @throws TatamiError `argument`. */
export function softplus<S extends Shape>(x: Tensor<S>, options: SoftplusOptions = {}): Tensor<S> {
  const op = "softplus";
  const { beta = 1, threshold = 20 } = checkOptions(options, op);
  const from = toFloat(checkTensor(x, op, "x"));
  if (checkFinite(beta, op, "beta") === 0) throw new TatamiError("argument", "beta is 0; give another number", { op });
  const z = mul(from, beta);
  const low = minimum(z, checkFinite(threshold, op, "threshold"));
  return select(less(threshold, z), from, div(log1p(exp(low)), beta)) as Tensor<S>;
}

/** min(max(x + 3, 0), 6)/6. @throws TatamiError `argument`. */
export function hardSigmoid<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return div(relu6(add(toFloat(checkTensor(x, "hardSigmoid", "x")), 3)), 6) as Tensor<S>;
}

/** x·hardSigmoid(x) (Howard et al., 2019). @throws TatamiError `argument`. */
export function hardSwish<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const from = toFloat(checkTensor(x, "hardSwish", "x"));
  return mul(from, hardSigmoid(from)) as Tensor<S>;
}

/**
 * min(max(x, `least`), `most`); either may be left out. NaN stays NaN.
 * @throws TatamiError `argument`.
 */
export function clamp<S extends Shape>(x: Tensor<S>, least?: number, most?: number): Tensor<S> {
  let y: Tensor = toArithmetic(checkTensor(x, "clamp", "x"));
  if (least === undefined && most === undefined)
    throw new TatamiError("argument", "neither least nor most is given; give at least one number", { op: "clamp" });
  if (least !== undefined) y = maximum(y, checkFinite(least, "clamp", "least"));
  if (most !== undefined) y = minimum(y, checkFinite(most, "clamp", "most"));
  return y as Tensor<S>;
}
