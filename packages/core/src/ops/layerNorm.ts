/** Layer normalisation (Ba, Kiros and Hinton, 2016): each example brought to mean β and deviation γ over its last axes. */
import { TatamiError } from "../errors.ts";
import { checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Composite } from "../op.ts";
import { checkNonEmpty, checkShape, sameShape, showShape, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { checkEpsilon, meetFloats } from "./channels.ts";
import { add, mul, sub } from "./binary.ts";
import { constant } from "./leaf.ts";
import { reduceOp } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { reciprocal, sqrt, square } from "./unary.ts";

export interface LayerNormAttrs {
  /** Ascending. */
  readonly axes: readonly number[];
  readonly epsilon: number;
}

/** x, gamma, beta (x's rank, 1 along all axes but `axes`) → x's shape. */
export const layerNormOp: Composite<LayerNormAttrs> = {
  kind: "composite",
  name: "layerNorm",
  turn: (perm, { axes, epsilon }) => ({ axes: axes.map((axis) => perm.indexOf(axis)).sort((a, b) => a - b), epsilon }),
  expand(inputs, { axes, epsilon }) {
    const [x, gamma, beta] = inputs as [Tensor, Tensor, Tensor];
    return add(mul(standardised(x, axes, epsilon), gamma), beta);
  },
};

/** (x − mean)/√(variance + ε) over `axes`. */
export function standardised(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const average = (t: Tensor): Tensor => node(reduceOp, [t], { fn: "mean", axes });
  const centred = sub(x, average(x));
  return mul(centred, reciprocal(sqrt(add(average(square(centred)), epsilon))));
}

export interface LayerNormOptions {
  /** Of the normalised shape. Default ones. */
  readonly gamma?: Tensor | undefined;
  /** Of the normalised shape. Default zeros. */
  readonly beta?: Tensor | undefined;
  /** Default 1e-5. */
  readonly epsilon?: number | undefined;
}

/**
 * x normalised over its last axes, whose sizes are `normalizedShape` (a number: the last axis).
 * @throws TatamiError `shape`, `zero-size`, `argument`.
 */
export function layerNorm<S extends Shape>(
  x: Tensor<S>,
  normalizedShape: number | Shape,
  options: LayerNormOptions = {},
): Tensor<S> {
  const op = "layerNorm";
  const from = toFloat(checkTensor(x, op, "x"));
  const wanted = checkShape(
    typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape,
    op,
    "normalizedShape",
  );
  const lead = from.shape.length - wanted.length;
  if (wanted.length === 0 || lead < 0 || !sameShape(from.shape.slice(lead), wanted)) {
    throw new TatamiError(
      "shape",
      `normalizedShape is ${showShape(wanted)}, but x ends otherwise: ${showShape(from.shape)}; give the sizes of its last axes`,
      {
        op,
        details: { given: wanted, shape: from.shape },
      },
    );
  }
  checkNonEmpty(wanted, op, "normalizedShape");
  const { gamma, beta, epsilon } = checkOptions(options, op);
  const full = [...from.shape.slice(0, lead).map(() => 1), ...wanted];
  const operand = (v: unknown, fill: number, name: string): Tensor => {
    if (v === undefined)
      return constant(
        [fill],
        full.map(() => 1),
        from.dtype,
      );
    const given = checkTensor(v, op, name);
    if (sameShape(given.shape, wanted)) return reshape(given, full);
    throw new TatamiError("shape", `${name} is ${showShape(given.shape)}, wanted ${showShape(wanted)}`, {
      op,
      details: { given: given.shape, wanted },
    });
  };
  const axes = wanted.map((_, i) => lead + i);
  const operands = meetFloats([from, operand(gamma, 1, "gamma"), operand(beta, 0, "beta")]);
  return node(layerNormOp, operands, { axes, epsilon: checkEpsilon(epsilon ?? 1e-5, op) }) as Tensor<S>;
}
