/**
 * Losses: functions of a model's output and its target. `crossEntropy` is core's (it is an op); these are sentences.
 *
 * bceWithLogits is −t·log σ(x) − (1 − t)·log(1 − σ(x)) = max(x, 0) − t·x + log(1 + e^(−|x|)): nothing overflows.
 */
import {
  abs,
  add,
  cast,
  checkOptions,
  checkTensor,
  exp,
  isFloat,
  log,
  log1p,
  maximum,
  mean,
  mul,
  neg,
  relu,
  sameShape,
  showShape,
  square,
  sub,
  sum,
  TatamiError,
  type Tensor,
} from "@tatamijs/core";
import { wrong } from "./check.ts";

export { crossEntropy, type CrossEntropyOptions } from "@tatamijs/core";

/** What `fit` minimises: a scalar from a model's output and the batch's targets. */
export type Loss = (output: Tensor, target: Tensor) => Tensor;

export interface LossOptions {
  /** Default "mean", over all elements. */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
}

/** Mean squared error. @throws TatamiError `shape`, `argument`. */
export function mse(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [y, t] = operands(output, target, "mse");
  return reduced(square(sub(y, t)), options, "mse");
}

/** Mean absolute error. @throws TatamiError `shape`, `argument`. */
export function l1(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [y, t] = operands(output, target, "l1");
  return reduced(abs(sub(y, t)), options, "l1");
}

/** Binary cross-entropy of probabilities, logarithms no lower than −100, as in PyTorch. @throws TatamiError `shape`, `argument`. */
export function bce(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [y, t] = operands(output, target, "bce");
  const floor = (v: Tensor): Tensor => maximum(log(v), -100);
  return reduced(neg(add(mul(t, floor(y)), mul(sub(1, t), floor(sub(1, y))))), options, "bce");
}

/** Binary cross-entropy of logits: `bce(sigmoid(x), t)` without its overflow. @throws TatamiError `shape`, `argument`. */
export function bceWithLogits(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [x, t] = operands(output, target, "bceWithLogits");
  return reduced(add(sub(relu(x), mul(t, x)), log1p(exp(neg(abs(x))))), options, "bceWithLogits");
}

const toFloat = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : cast(x, "f32"));

function operands(output: Tensor, target: Tensor, op: string): [Tensor, Tensor] {
  const [y, t] = [toFloat(checkTensor(output, op, "output")), toFloat(checkTensor(target, op, "target"))];
  if (sameShape(y.shape, t.shape)) return [y, t];
  // PyTorch broadcasts here with a warning, and (N, 1) against (N) is then an N × N table of differences.
  throw new TatamiError(
    "shape",
    `output is ${showShape(y.shape)}, target ${showShape(t.shape)}; they must be equal (reshape the target)`,
    {
      op,
      details: { output: y.shape, target: t.shape },
    },
  );
}

function reduced(losses: Tensor, options: LossOptions, op: string): Tensor {
  const { reduction = "mean" } = checkOptions(options, op);
  if (reduction === "none") return losses;
  if (reduction === "sum") return sum(losses);
  if (reduction === "mean") return mean(losses);
  throw wrong(op, "reduction", reduction, '"mean", "sum" or "none"');
}
