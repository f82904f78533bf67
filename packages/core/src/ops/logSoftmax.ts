/**
 * The logarithm of softmax, without its rounding: x − max − log Σe^(x − max).
 *
 * dx = dy − softmax(x)·Σdy, and softmax(x) = e^y.
 */
import type { Composite } from "../op.ts";
import type { Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { mul, sub } from "./binary.ts";
import { detach } from "./detach.ts";
import { reduceOp } from "./reduce.ts";
import { softmaxOperand, type SoftmaxAttrs, type SoftmaxOptions } from "./softmax.ts";
import { exp, log } from "./unary.ts";

export const logSoftmaxOp: Composite<SoftmaxAttrs> = {
  kind: "composite",
  name: "logSoftmax",
  turn: (perm, { axis }) => ({ axis: perm.indexOf(axis) }),
  expand([x], { axis }) {
    const z = sub(x!, detach(node(reduceOp, [x!], { fn: "max", axes: [axis] })));
    return sub(z, log(node(reduceOp, [exp(z)], { fn: "sum", axes: [axis] })));
  },
  grad(y, dy) {
    return [sub(dy, mul(exp(y), node(reduceOp, [dy], { fn: "sum", axes: [y.attrs.axis] })))];
  },
};

/**
 * log softmax along `axis`. f32 or f16; integers are taken as f32.
 * @throws TatamiError `axis`, `zero-size`, `argument`.
 */
export function logSoftmax<S extends Shape>(x: Tensor<S>, options: SoftmaxOptions = {}): Tensor<S> {
  const { from, axis } = softmaxOperand(x, options, "logSoftmax");
  return node(logSoftmaxOp, [from], { axis }) as Tensor<S>;
}
