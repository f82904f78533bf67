/** Axes of size 1 repeated. Elementwise ops broadcast by themselves; this is for where the values are wanted whole. */
import { TatamiError } from "../errors.ts";
import { checkTensor, toRank } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { checkShape, permuted, sameShape, showShape, type Shape } from "../shape.ts";
import type { BroadcastTo } from "../shapes/broadcasting.ts";
import type { Fits } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { collected, elementsOf } from "./elements.ts";
import { sumTo } from "./reduce.ts";

export interface BroadcastAttrs {
  readonly shape: Shape;
}

export const broadcastOp: Primitive<BroadcastAttrs> = {
  kind: "primitive",
  name: "broadcast",
  repeats: true,
  turn: (perm, { shape }) => ({ shape: permuted(shape, perm) }),
  infer([x], { shape }) {
    if (x!.shape.length !== shape.length || !x!.shape.every((dim, axis) => dim === shape[axis] || dim === 1)) {
      throw new TatamiError(
        "shape",
        `${showShape(x!.shape)} does not broadcast to ${showShape(shape)}; sizes must be equal or 1`,
        {
          op: "broadcast",
          details: { from: x!.shape, to: shape },
        },
      );
    }
    return { shape, dtype: x!.dtype };
  },
  grad: (y, dy) => [sumTo(dy, y.inputs[0]!.shape)],
  value: ([x], _, output, [spec]) => collected(x!, output, elementsOf(output.shape, spec!.shape)),
};

/** `x` repeated to `shape`, by NumPy's rule: axes are added in front, sizes of 1 repeated. @throws TatamiError `shape`. */
export function broadcast<const X extends Shape, const T extends Shape>(
  x: Tensor<X> & Fits<BroadcastTo<X, T>>,
  shape: T,
): Tensor<T>;
export function broadcast(x: Tensor, shape: Shape): Tensor {
  const wanted = checkShape(shape, "broadcast");
  const from = toRank(checkTensor(x, "broadcast", "x"), wanted.length);
  return sameShape(from.shape, wanted) ? from : node(broadcastOp, [from], { shape: wanted });
}
