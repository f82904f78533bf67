/** SiLU, also called swish: x·σ(x). */
import { checkTensor, toFloat } from "../operand.ts";
import type { Composite } from "../op.ts";
import type { Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { mul } from "./binary.ts";
import { eitherWay, unaryOperand } from "./sentence.ts";
import { sigmoid } from "./unary.ts";

export type SiluAttrs = Readonly<Record<never, never>>;

export const siluOp: Composite<SiluAttrs> = {
  kind: "composite",
  name: "silu",
  turn: (_, attrs) => attrs,
  expand: ([x]) => mul(x!, sigmoid(x!)),
  match(y) {
    const found = y.op === siluOp ? undefined : matchSilu(y);
    return found === undefined ? undefined : { inputs: [found.x], attrs: {}, inside: found.inside };
  },
};

/** x where y = x·σ(x), in either order, or said as the composite. */
export function matchSilu(y: Tensor): { x: Tensor; inside: readonly Tensor[] } | undefined {
  if (y.op === siluOp) return { x: y.inputs[0]!, inside: [] };
  const found = eitherWay(y, "mul").find(([x, gate]) => unaryOperand(gate, "sigmoid") === x);
  return found === undefined ? undefined : { x: found[0], inside: [found[1]] };
}

/** x·σ(x), element by element; f32 or f16, integers are taken as f32. @throws TatamiError `argument`. */
export function silu<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return node(siluOp, [toFloat(checkTensor(x, "silu", "x"))], {}) as Tensor<S>;
}
