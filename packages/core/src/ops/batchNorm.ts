/**
 * Batch normalisation (Ioffe and Szegedy, 2015): y = (x − mean)·γ/√(variance + ε) + β, per channel.
 *
 * In training mean and variance are x's own (biased, over all axes but the channels'), and the gradient through both
 * closes: with r = 1/√(variance + ε), x̂ = (x − mean)·r and n elements per channel,
 *
 *     dβ = Σ dy        dγ = Σ dy·x̂        dx = γ·r·(dy − dβ/n − x̂·dγ/n)
 *
 * Then nothing flows to the operands `mean` and `variance`: dx holds it all.
 */
import { TatamiError } from "../errors.ts";
import { checkBoolean, checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Composite, Gradients } from "../op.ts";
import { checkNonEmpty, normalizeAxis, showShape, sizeOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { add, mul, sub } from "./binary.ts";
import { alongAxis, channelVector, checkEpsilon, meetFloats } from "./channels.ts";
import { reduceOp } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { neg, reciprocal, sqrt, square } from "./unary.ts";

export interface BatchNormAttrs {
  /** The channels. */
  readonly axis: number;
  readonly epsilon: number;
  /** mean and variance are those of x: the gradient's closed form holds. */
  readonly training: boolean;
}

const scaleOf = (variance: Tensor, gamma: Tensor, epsilon: number): Tensor =>
  mul(gamma, reciprocal(sqrt(add(variance, epsilon))));

/** x, mean [C], variance [C], gamma [C], beta [C] → x's shape. */
export const batchNormOp: Composite<BatchNormAttrs> = {
  kind: "composite",
  name: "batchNorm",
  turn: (perm, attrs) => ({ ...attrs, axis: perm.indexOf(attrs.axis) }),
  expand(inputs, { axis, epsilon }) {
    const [x, mean, variance, gamma, beta] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const along = (v: Tensor): Tensor => alongAxis(v, x.shape.length, axis);
    return add(mul(sub(x, along(mean)), along(scaleOf(variance, gamma, epsilon))), along(beta));
  },
  affine({ inputs, attrs: { axis, epsilon } }, operand) {
    if (operand !== 0) return undefined;
    const [x, mean, variance, gamma, beta] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const along = (v: Tensor): Tensor => alongAxis(v, x.shape.length, axis);
    const scale = scaleOf(variance, gamma, epsilon);
    return { scale: along(scale), shift: along(sub(beta, mul(mean, scale))) };
  },
  grad(y, dy): Gradients {
    const [x, mean, variance, gamma] = y.inputs as [Tensor, Tensor, Tensor, Tensor];
    const { axis, epsilon, training } = y.attrs;
    const rank = x.shape.length;
    const channels = x.shape[axis]!;
    const others = x.shape.flatMap((_, i) => (i === axis ? [] : [i]));
    const along = (v: Tensor): Tensor => alongAxis(v, rank, axis);
    const over = (fn: "sum" | "mean", t: Tensor): Tensor =>
      reshape(node(reduceOp, [t], { fn, axes: others }), [channels]);
    const r = reciprocal(sqrt(add(variance, epsilon)));
    const normal = mul(sub(x, along(mean)), along(r));
    const scale = mul(gamma, r);
    if (!training) {
      const [dGamma, dBeta] = [over("sum", mul(dy, normal)), over("sum", dy)];
      const dx = mul(dy, along(scale));
      return [dx, neg(mul(dBeta, scale)), mul(mul(dGamma, mul(scale, r)), -0.5), dGamma, dBeta];
    }
    // dβ/n and dγ/n are what dx wants; the sums are n times that, which joins whatever is done with them.
    const count = sizeOf(x.shape) / channels;
    const [meanGamma, meanBeta] = [over("mean", mul(dy, normal)), over("mean", dy)];
    const centred = sub(sub(dy, along(meanBeta)), mul(normal, along(meanGamma)));
    return [mul(centred, along(scale)), undefined, undefined, mul(meanGamma, count), mul(meanBeta, count)];
  },
};

/**
 * Mean and (biased) variance [C] of x over all axes but `axis`: what `batchNorm` uses in training.
 * @throws TatamiError `axis`, `rank`, `zero-size`.
 */
export function batchStatistics(x: Tensor, axis: number = 1): { readonly mean: Tensor; readonly variance: Tensor } {
  const from = toFloat(checkTensor(x, "batchStatistics", "x"));
  const at = checkChannels(from, axis, "batchStatistics");
  const others = from.shape.flatMap((_, i) => (i === at ? [] : [i]));
  const average = (t: Tensor): Tensor => node(reduceOp, [t], { fn: "mean", axes: others });
  const mean = average(from);
  const channels = [from.shape[at]!];
  return { mean: reshape(mean, channels), variance: reshape(average(square(sub(from, mean))), channels) };
}

function checkChannels(x: Tensor, axis: unknown, op: string): number {
  if (x.shape.length < 2)
    throw new TatamiError("rank", `x has shape ${showShape(x.shape)}, wanted (N, C) or (N, C, …)`, { op });
  checkNonEmpty(x.shape, op, "x");
  return normalizeAxis(axis, x.shape.length, op);
}

export interface BatchNormOptions {
  /** [C]. Left out: x's own in training; else required. Given in training, they must be x's own (`batchStatistics`). */
  readonly mean?: Tensor | undefined;
  readonly variance?: Tensor | undefined;
  /** [C], default ones. */
  readonly gamma?: Tensor | undefined;
  /** [C], default zeros. */
  readonly beta?: Tensor | undefined;
  /** The channels. Default 1: (N, C, …). */
  readonly axis?: number | undefined;
  /** Default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Default false. */
  readonly training?: boolean | undefined;
}

/**
 * x (N, C) or (N, C, …), each channel brought to mean β and deviation γ.
 * @throws TatamiError `rank`, `shape`, `axis`, `zero-size`, `argument`.
 */
export function batchNorm<S extends Shape>(x: Tensor<S>, options: BatchNormOptions): Tensor<S> {
  const op = "batchNorm";
  const given = checkOptions(options, op);
  const from = toFloat(checkTensor(x, op, "x"));
  const axis = checkChannels(from, given.axis ?? 1, op);
  const epsilon = checkEpsilon(given.epsilon ?? 1e-5, op);
  const training = checkBoolean(given.training ?? false, op, "training");
  const channels = from.shape[axis]!;
  if (!training && (given.mean === undefined || given.variance === undefined)) {
    throw new TatamiError(
      "argument",
      "mean and variance are missing; give both ([C]), or training: true to use those of x",
      { op },
    );
  }
  const own = given.mean === undefined || given.variance === undefined ? batchStatistics(from, axis) : undefined;
  const vector = (v: Tensor | undefined, fill: number, name: string): Tensor =>
    channelVector(v, channels, fill, from.dtype, op, name);
  const operands = [
    from,
    vector(given.mean ?? own?.mean, 0, "mean"),
    vector(given.variance ?? own?.variance, 1, "variance"),
    vector(given.gamma, 1, "gamma"),
    vector(given.beta, 0, "beta"),
  ];
  return node(batchNormOp, meetFloats(operands), { axis, epsilon, training }) as Tensor<S>;
}
