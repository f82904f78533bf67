/**
 * Losses: functions of a model's output and its target. `crossEntropy` is core's (it is an op); these are sentences.
 *
 * bceWithLogits is −t·log σ(x) − (1 − t)·log(1 − σ(x)) = max(x, 0) − t·x + log(1 + e^(−|x|)): nothing overflows. Its slope
 * is σ(x) − t everywhere, at 0 too, where layers of zeros start: max and |x| are written as choices that are on one side there.
 */
import {
  abs,
  add,
  cast,
  checkOptions,
  checkTensor,
  exp,
  isFloat,
  less,
  log,
  log1p,
  mean,
  mul,
  neg,
  sameShape,
  select,
  showShape,
  square,
  sub,
  sum,
  type Tensor,
  TatamiError,
  wrongArgument,
} from "@tatamijs/core";

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

/**
 * Binary cross-entropy of probabilities, the logarithm of 0 being −100, as in PyTorch. There its slope is 0: what comes from a
 * sigmoid that is 0 or 1 to the last bit learns nothing (use `bceWithLogits`), and is no NaN. @throws TatamiError `shape`, `argument`.
 */
export function bce(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [y, t] = operands(output, target, "bce");
  return reduced(neg(add(mul(t, safeLog(y)), mul(sub(1, t), safeLog(sub(1, y))))), options, "bce");
}

/** Binary cross-entropy of logits: `bce(sigmoid(x), t)` without its overflow. @throws TatamiError `shape`, `argument`. */
export function bceWithLogits(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [x, t] = operands(output, target, "bceWithLogits");
  const negative = less(x, 0);
  const rest = log1p(exp(select(negative, x, neg(x))));
  return reduced(add(sub(select(negative, 0, x), mul(t, x)), rest), options, "bceWithLogits");
}

/** log x, and −100 where x is 0 or would be flushed to 0: the slope 1/x is never asked for there. Below 0 and of NaN: NaN. */
function safeLog(x: Tensor): Tensor {
  const nothing = less(abs(x), x.dtype === "f16" ? 2 ** -24 : 2 ** -126);
  return select(nothing, -100, log(select(nothing, 1, x)));
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
  throw wrongArgument(op, "reduction", reduction, '"mean", "sum" or "none"');
}
