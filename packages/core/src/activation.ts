/** The functions that `convBlock` and `linear` end with: how each is said in single ops, and how it is recognised. */
import { matchSilu } from "./ops/silu.ts";
import { minimum, mul } from "./ops/binary.ts";
import { eitherWay, scalarOf, unaryOperand } from "./ops/sentence.ts";
import { relu, sigmoid, tanh } from "./ops/unary.ts";
import { sameShape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

export type Activation = "none" | "relu" | "relu6" | "sigmoid" | "tanh" | "silu";

/** All of them. */
export const activationNames: readonly Activation[] = ["none", "relu", "relu6", "sigmoid", "tanh", "silu"];

/** `activation` of z, in single ops. */
export function activate(z: Tensor, activation: Activation): Tensor {
  switch (activation) {
    case "none":
      return z;
    case "relu":
      return relu(z);
    case "relu6":
      return minimum(relu(z), 6);
    case "sigmoid":
      return sigmoid(z);
    case "tanh":
      return tanh(z);
    case "silu":
      return mul(z, sigmoid(z));
  }
}

/** y as an activation of `z`; `inside` are the nodes between, y and z excepted. */
export interface Activated {
  readonly activation: Activation;
  readonly z: Tensor;
  readonly inside: readonly Tensor[];
}

/** The reading of `y` as an activation; `none` of itself where it is none. */
export function matchActivation(y: Tensor): Activated {
  for (const activation of ["relu", "sigmoid", "tanh"] as const) {
    const z = unaryOperand(y, activation);
    if (z !== undefined) return { activation, z, inside: [] };
  }
  const six = matchRelu6(y);
  if (six !== undefined) return { activation: "relu6", ...six };
  const silu = matchSilu(y);
  if (silu !== undefined) return { activation: "silu", z: silu.x, inside: silu.inside };
  return { activation: "none", z: y, inside: [] };
}

/** min(relu(z), 6), min(max(z, 0), 6), max(min(z, 6), 0), relu(min(z, 6)) is read as relu. */
function matchRelu6(y: Tensor): { z: Tensor; inside: readonly Tensor[] } | undefined {
  const capped = withScalar(y, "minimum", 6);
  if (capped !== undefined) {
    const z = unaryOperand(capped, "relu") ?? withScalar(capped, "maximum", 0);
    return z === undefined ? undefined : { z, inside: [capped] };
  }
  const raised = withScalar(y, "maximum", 0);
  const z = raised === undefined ? undefined : withScalar(raised, "minimum", 6);
  return z === undefined ? undefined : { z, inside: [raised!] };
}

/** The other operand where `y` is `fn` of a tensor and the number `value`, in either order. */
function withScalar(y: Tensor, fn: "minimum" | "maximum", value: number): Tensor | undefined {
  return eitherWay(y, fn).find(([z, number]) => scalarOf(number) === value && sameShape(z.shape, y.shape))?.[0];
}
