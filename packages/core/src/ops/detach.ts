/** The same value, through which no gradient flows. */
import { checkTensor } from "../operand.ts";
import type { Primitive } from "../op.ts";
import type { Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";

export type DetachAttrs = Readonly<Record<never, never>>;

export const detachOp: Primitive<DetachAttrs> = {
  kind: "primitive",
  name: "detach",
  alias: true,
  turn: (_, attrs) => attrs,
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  grad: () => [undefined],
  value: ([x]) => x!,
};

/** `x`, but no gradient flows through it. Any dtype. @throws TatamiError `argument`. */
export function detach<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return node(detachOp, [checkTensor(x, "detach", "x")], {}) as Tensor<S>;
}
