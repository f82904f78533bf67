/** A dense layer: act(x·w + bias), two axes inside. PyTorch's weights are (O, I): `tb` reads them transposed. */
import { matchActivation, activate, type Activation } from "../activation.ts";
import { TatamiError } from "../errors.ts";
import { checkRank, checkTensor, toFloat } from "../operand.ts";
import type { Alone, Composite } from "../op.ts";
import { sameShape, showShape, sizeOf, type Shape } from "../shape.ts";
import type { Linear } from "../shapes/matmul.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { meetFloats } from "./channels.ts";
import { add } from "./binary.ts";
import { matmulOp, type MatmulAttrs } from "./matmul.ts";
import { reshape } from "./reshape.ts";
import { eitherWay } from "./sentence.ts";

export interface LinearAttrs {
  /** w is [O, I]; else [I, O]. */
  readonly tb: boolean;
  readonly bias: boolean;
  readonly activation: Activation;
}

/** x [M, I], w, [bias [O]] → [M, O]. */
export const linearOp: Composite<LinearAttrs> = {
  kind: "composite",
  name: "linear",
  reads: (operand, perm, attrs) =>
    operand === 1 && perm[0] === 1 && perm[1] === 0 ? { ...attrs, tb: !attrs.tb } : undefined,
  expand(inputs, { tb, bias, activation }) {
    const [x, w, b] = inputs as [Tensor, Tensor, Tensor?];
    const product = node(matmulOp, [x, w], { ta: false, tb });
    return activate(bias ? add(product, reshape(b!, [1, b!.shape[0]!])) : product, activation);
  },
  match(y, alone = () => true) {
    const { activation, z, inside } = matchActivation(y);
    if (z.op === linearOp) {
      // An activation on a layer that was said whole.
      const attrs = z.attrs as LinearAttrs;
      return activation === "none" || attrs.activation !== "none"
        ? undefined
        : { inputs: z.inputs, attrs: { ...attrs, activation }, inside: [...inside, z] };
    }
    const [product, vector] = matchBias(z, alone) ?? [z];
    if (product.op !== matmulOp || product.shape.length !== 2 || product === y) return undefined;
    const { ta, tb } = product.attrs as MatmulAttrs;
    if (ta) return undefined;
    const within = [...inside, z, product].filter((t, i, all) => t !== y && all.indexOf(t) === i);
    const bias = vector === undefined ? [] : [reshape(vector, [sizeOf(vector.shape)])];
    return {
      inputs: [...product.inputs, ...bias],
      attrs: { tb, bias: vector !== undefined, activation },
      inside: within,
    };
  },
};

/** [product, bias [1, O]] where z is their sum, in either order. */
function matchBias(z: Tensor, alone: Alone): readonly [Tensor, Tensor] | undefined {
  return eitherWay(z, "add").find(
    ([product, bias]) => product.op === matmulOp && sameShape(bias.shape, [1, product.shape[1]!]) && alone(product),
  );
}

/**
 * x (…, I) · wᵀ + bias, w (O, I) and bias (O) → (…, O).
 * @throws TatamiError `rank`, `shape`.
 */
export function linear<const X extends Shape, const W extends Shape>(
  x: Tensor<X> & Fits<Linear<X, W>>,
  w: Tensor<W>,
  bias?: Tensor,
): Made<Linear<X, W>>;
export function linear(x: Tensor, w: Tensor, bias?: Tensor): Tensor {
  const op = "linear";
  const from = toFloat(checkTensor(x, op, "x"));
  const weights = checkTensor(w, op, "w");
  checkRank(weights, [2], op, "w", "(O, I)");
  const [outputs, features] = weights.shape as unknown as readonly [number, number];
  if (from.shape.length === 0 || from.shape.at(-1) !== features) {
    throw new TatamiError(
      "shape",
      `x ${showShape(from.shape)} has ${from.shape.at(-1) ?? "no"} features, w ${showShape(weights.shape)} takes ${features}; use w of shape (O, ${from.shape.at(-1) ?? 1})`,
      {
        op,
        details: { x: from.shape, w: weights.shape },
      },
    );
  }
  const rows = sizeOf(from.shape.slice(0, -1));
  const given = bias === undefined ? [] : [checkTensor(bias, op, "bias")];
  if (given[0] !== undefined && (given[0].shape.length !== 1 || given[0].shape[0] !== outputs)) {
    throw new TatamiError("shape", `bias is ${showShape(given[0].shape)}, wanted [${outputs}]: one number per output`, {
      op,
      details: { given: given[0].shape, outputs },
    });
  }
  const operands = meetFloats([reshape(from, [rows, features]), weights, ...given]);
  const y = node(linearOp, operands, { tb: true, bias: given.length > 0, activation: "none" });
  return reshape(y, [...from.shape.slice(0, -1), outputs]);
}
