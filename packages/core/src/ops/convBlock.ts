/**
 * A convolution with what usually follows it: act(conv2d(x, w) + bias + residual), in one pass over the output.
 * Nobody calls it: `match` finds the sentence in graphs written in single ops, batch norm folded or not.
 */
import { activate, matchActivation, type Activation } from "../activation.ts";
import type { Alone, Composite, Match } from "../op.ts";
import { sameShape, sizeOf } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { add } from "./binary.ts";
import { conv2dOp, type ConvAttrs } from "./conv2d.ts";
import { reshape } from "./reshape.ts";
import { eitherWay } from "./sentence.ts";

export interface ConvBlockAttrs extends ConvAttrs {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly activation: Activation;
}

/** x NHWC, w OHWI, [bias [O]], [residual, of the output's shape] → NHWC. */
export const convBlockOp: Composite<ConvBlockAttrs> = {
  kind: "composite",
  name: "convBlock",
  expand(inputs, { bias, residual, activation, ...conv }) {
    const [x, w, ...rest] = inputs as [Tensor, Tensor, ...Tensor[]];
    let z = node(conv2dOp, [x, w], conv);
    if (bias) z = add(z, reshape(rest[0]!, [1, 1, 1, rest[0]!.shape[0]!]));
    if (residual) z = add(z, rest.at(-1)!);
    return activate(z, activation);
  },
  match(y, alone = () => true) {
    const { activation, z, inside } = matchActivation(y);
    const found = matchSum(z, (t) => t === y || alone(t));
    if (found === undefined || found.conv === y) return undefined;
    return finish(found, activation, [...inside, ...found.inside], y);
  },
};

/** What is added up: a convolution, then at most one bias and one residual. */
interface Sum {
  readonly conv: Tensor;
  readonly bias?: Tensor;
  readonly residual?: Tensor;
  readonly inside: readonly Tensor[];
}

function finish(
  { conv, bias, residual }: Sum,
  activation: Activation,
  inside: readonly Tensor[],
  y: Tensor,
): Match<ConvBlockAttrs> {
  const extra = [
    ...(bias === undefined ? [] : [reshape(bias, [sizeOf(bias.shape)])]),
    ...(residual === undefined ? [] : [residual]),
  ];
  return {
    inputs: [...conv.inputs, ...extra],
    attrs: { ...(conv.attrs as ConvAttrs), bias: bias !== undefined, residual: residual !== undefined, activation },
    inside: [...new Set(inside)].filter((t) => t !== y),
  };
}

/** z = conv, conv + a or (conv + a) + b, the sums in either order. */
function matchSum(z: Tensor, alone: Alone, terms: number = 2): Sum | undefined {
  if (z.op === conv2dOp) return { conv: z, inside: [z] };
  for (const [main, term] of terms === 0 ? [] : eitherWay(z, "add")) {
    const sum = alone(main) ? matchSum(main, alone, terms - 1) : undefined;
    const more = sum === undefined ? undefined : addTerm(sum, term);
    if (more !== undefined) return { ...more, inside: [z, ...more.inside] };
  }
  return undefined;
}

/** `term` as the bias or the residual of `sum`, whichever is still free and fits its shape. */
function addTerm(sum: Sum, term: Tensor): Sum | undefined {
  const { shape } = sum.conv;
  const vector = sizeOf(term.shape) === shape[3] && term.shape.at(-1) === shape[3];
  if (vector && sum.bias === undefined) return { ...sum, bias: term };
  return sum.residual === undefined && sameShape(term.shape, shape) ? { ...sum, residual: term } : undefined;
}
