/**
 * Cross-entropy of logits against classes, one loss per row: −Σₖ qₖ·log softmax(x)ₖ.
 *
 * q is the row's target distribution, smoothed: q = (1 − s)·p + s/K, p the given probabilities or 1 at the given class.
 * dx = dy·(softmax(x)·Σq − q), and for given probabilities dp = −dy·(1 − s)·log softmax(x).
 * A class outside 0 … K − 1 has loss 0 and gradient 0: the row is ignored (PyTorch's −100).
 */
import { isFloat, promote } from "../dtype.ts";
import { TatamiError, wrongArgument } from "../errors.ts";
import { checkChoice, checkOptions, checkTensor, checkWhole, toDType, toFloat } from "../operand.ts";
import type { Composite, Gradients } from "../op.ts";
import { checkNonEmpty, sameShape, showShape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { add, and, div, equal, less, lessEqual, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { constant } from "./leaf.ts";
import { logSoftmaxOp } from "./logSoftmax.ts";
import { mean, reduceOp, sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { select } from "./select.ts";
import { softmaxOp } from "./softmax.ts";
import { transpose } from "./transpose.ts";
import { neg } from "./unary.ts";

export interface CrossEntropyAttrs {
  /** 0 ≤ smoothing < 1. */
  readonly smoothing: number;
}

/** logits [N, K], targets i32 [N] or float [N, K] → [N]. */
export const crossEntropyOp: Composite<CrossEntropyAttrs> = {
  kind: "composite",
  name: "crossEntropy",
  expand(inputs, { smoothing }) {
    const [logits, targets] = inputs as [Tensor, Tensor];
    const [rows, classes] = logits.shape as unknown as readonly [number, number];
    const logs = node(logSoftmaxOp, [logits], { axis: 1 });
    const total = (x: Tensor): Tensor => node(reduceOp, [x], { fn: "sum", axes: [1] });
    if (isFloat(targets.dtype)) return reshape(neg(total(mul(smoothed(targets, smoothing, classes), logs))), [rows]);
    const { chosen, valid } = oneHot(targets, classes);
    const own = total(select(chosen, logs, 0));
    const mixed = smoothing === 0 ? own : add(mul(own, 1 - smoothing), mul(total(logs), smoothing / classes));
    return reshape(smoothing === 0 ? neg(own) : select(valid, neg(mixed), 0), [rows]);
  },
  grad(y, dy): Gradients {
    const [logits, targets] = y.inputs as [Tensor, Tensor];
    const { smoothing } = y.attrs;
    const [rows, classes] = logits.shape as unknown as readonly [number, number];
    const p = node(softmaxOp, [logits], { axis: 1 });
    const d = reshape(dy, [rows, 1]);
    if (isFloat(targets.dtype)) {
      const q = smoothed(targets, smoothing, classes);
      const dx = mul(d, sub(mul(p, node(reduceOp, [q], { fn: "sum", axes: [1] })), q));
      return [dx, mul(mul(d, smoothing - 1), node(logSoftmaxOp, [logits], { axis: 1 }))];
    }
    const { chosen, valid } = oneHot(targets, classes);
    const q = select(chosen, constantLike(1 - smoothing + smoothing / classes, p), smoothing / classes);
    return [select(valid, mul(d, sub(p, q)), 0), undefined];
  },
};

function smoothed(targets: Tensor, smoothing: number, classes: number): Tensor {
  return smoothing === 0 ? targets : add(mul(targets, 1 - smoothing), smoothing / classes);
}

/** Which class of each row is the target's [N, K], and which rows have one [N, 1]. */
function oneHot(targets: Tensor, classes: number): { chosen: Tensor; valid: Tensor } {
  const column = reshape(targets, [targets.shape[0]!, 1]);
  const names = constant(
    Int32Array.from({ length: classes }, (_, k) => k),
    [1, classes],
  );
  return { chosen: equal(column, names), valid: and(lessEqual(0, column), less(column, classes)) };
}

function constantLike(value: number, x: Tensor): Tensor {
  return constant([value], [1, 1], x.dtype);
}

export interface CrossEntropyOptions {
  /** Mixes the target with 1/K each: 0 (default) to below 1. PyTorch's `label_smoothing`. */
  readonly smoothing?: number | undefined;
  /** "mean" (default) over the rows that have a class, "sum", or "none": one loss per row. */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
}

/**
 * logits (N, K) or (N, K, …), and targets: i32, u8 classes of shape (N) or (N, …), or float probabilities of the logits'
 * shape. → a scalar, or losses of shape (N) or (N, …) for reduction "none". A class outside 0 … K − 1 is ignored.
 * @throws TatamiError `rank`, `shape`, `dtype`, `zero-size`, `argument`.
 */
export function crossEntropy(logits: Tensor, targets: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const op = "crossEntropy";
  const { smoothing = 0, reduction = "mean" } = checkOptions(options, op);
  if (typeof smoothing !== "number" || !(smoothing >= 0 && smoothing < 1)) {
    throw wrongArgument(op, "smoothing", smoothing, "a number from 0 to below 1");
  }
  checkChoice(reduction, ["mean", "sum", "none"], op, "reduction");
  const x = toFloat(checkTensor(logits, op, "logits"));
  const t = checkTensor(targets, op, "targets");
  const rank = x.shape.length;
  if (rank < 2)
    throw new TatamiError("rank", `logits have shape ${showShape(x.shape)}, wanted (N, K) or (N, K, …)`, { op });
  checkNonEmpty(x.shape, op, "logits");
  checkWhole(x.shape[1], 1, op, "the number of classes", 2 ** 24);
  const kept = x.shape.filter((_, axis) => axis !== 1);
  const float = isFloat(t.dtype);
  if (t.dtype === "bool")
    throw new TatamiError(
      "dtype",
      'targets are bool, wanted classes (i32) or probabilities (f32); use cast(targets, "f32")',
      { op },
    );
  if (!sameShape(t.shape, float ? x.shape : kept)) {
    throw new TatamiError(
      "shape",
      `targets are ${t.dtype} of shape ${showShape(t.shape)}, wanted classes (i32) of shape ${showShape(kept)} or probabilities (f32) of shape ${showShape(x.shape)}`,
      { op, details: { logits: x.shape, targets: t.shape, dtype: t.dtype } },
    );
  }
  const dtype = float ? promote(x.dtype, t.dtype) : x.dtype;
  const classesLast = [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
  const rows = (y: Tensor): Tensor => reshape(transpose(toDType(y, dtype), classesLast), [-1, x.shape[1]!]);
  const labels = float ? rows(t) : reshape(toDType(t, "i32"), [-1]);
  const losses = node(crossEntropyOp, [rows(x), labels], { smoothing });
  if (reduction === "none") return reshape(losses, kept);
  if (reduction === "sum") return sum(losses);
  if (float) return mean(losses);
  const counted = and(lessEqual(0, labels), less(labels, x.shape[1]!));
  return div(sum(losses), sum(cast(counted, dtype)));
}
