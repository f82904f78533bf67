/** Group normalisation (Wu and He, 2018): the channels fall into groups, each brought to mean 0 and deviation 1 per example. */
import { show, TatamiError } from "../errors.ts";
import { checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Composite } from "../op.ts";
import { checkNonEmpty, showShape, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { alongAxis, channelVector, checkEpsilon, meetFloats } from "./channels.ts";
import { add, mul } from "./binary.ts";
import { standardised } from "./layerNorm.ts";
import { reshape } from "./reshape.ts";

export interface GroupNormAttrs {
  readonly groups: number;
  /** The channels. */
  readonly axis: number;
  /** The examples. */
  readonly batch: number;
  readonly epsilon: number;
}

/** x, gamma [C], beta [C] → x's shape. */
export const groupNormOp: Composite<GroupNormAttrs> = {
  kind: "composite",
  name: "groupNorm",
  turn: (perm, attrs) => ({ ...attrs, axis: perm.indexOf(attrs.axis), batch: perm.indexOf(attrs.batch) }),
  expand(inputs, { groups, axis, batch, epsilon }) {
    const [x, gamma, beta] = inputs as [Tensor, Tensor, Tensor];
    const { shape } = x;
    const split = [...shape.slice(0, axis), groups, shape[axis]! / groups, ...shape.slice(axis + 1)];
    const example = batch < axis ? batch : batch + 1;
    const axes = split.flatMap((_, i) => (i === axis || i === example ? [] : [i]));
    const normal = reshape(standardised(reshape(x, split), axes, epsilon), shape);
    return add(mul(normal, alongAxis(gamma, shape.length, axis)), alongAxis(beta, shape.length, axis));
  },
};

export interface GroupNormOptions {
  /** [C], default ones. */
  readonly gamma?: Tensor | undefined;
  /** [C], default zeros. */
  readonly beta?: Tensor | undefined;
  /** Default 1e-5. */
  readonly epsilon?: number | undefined;
}

/**
 * x (N, C) or (N, C, …), its C channels in `groups` groups.
 * @throws TatamiError `groups` when they do not divide the channels, `rank`, `shape`, `zero-size`, `argument`.
 */
export function groupNorm<S extends Shape>(x: Tensor<S>, groups: number, options: GroupNormOptions = {}): Tensor<S> {
  const op = "groupNorm";
  const from = toFloat(checkTensor(x, op, "x"));
  if (from.shape.length < 2)
    throw new TatamiError("rank", `x has shape ${showShape(from.shape)}, wanted (N, C) or (N, C, …)`, { op });
  checkNonEmpty(from.shape, op, "x");
  const channels = from.shape[1]!;
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new TatamiError(
      "groups",
      `groups is ${show(groups)}; give a whole number that divides the ${channels} channels`,
      { op, details: { groups, channels } },
    );
  }
  const { gamma, beta, epsilon } = checkOptions(options, op);
  const vector = (v: Tensor | undefined, fill: number, name: string): Tensor =>
    channelVector(v, channels, fill, from.dtype, op, name);
  const operands = meetFloats([from, vector(gamma, 1, "gamma"), vector(beta, 0, "beta")]);
  return node(groupNormOp, operands, {
    groups,
    axis: 1,
    batch: 0,
    epsilon: checkEpsilon(epsilon ?? 1e-5, op),
  }) as Tensor<S>;
}
