/**
 * Softmax along an axis: eˣ/Σeˣ, worked out as e^(x − max)/Σe^(x − max) so that nothing overflows.
 *
 * With y = softmax(x): ∂yᵢ/∂xⱼ = yᵢ(δᵢⱼ − yⱼ), so dx = y·(dy − Σ dy·y).
 */
import { checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Composite } from "../op.ts";
import { checkNonEmpty, normalizeAxis, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { div, mul, sub } from "./binary.ts";
import { detach, detachOp } from "./detach.ts";
import { reduceOp } from "./reduce.ts";
import { operandsOf, reducedFrom, unaryOperand } from "./sentence.ts";
import { exp } from "./unary.ts";

export interface SoftmaxAttrs {
  readonly axis: number;
}

export const softmaxOp: Composite<SoftmaxAttrs> = {
  kind: "composite",
  name: "softmax",
  turn: (perm, { axis }) => ({ axis: perm.indexOf(axis) }),
  expand([x], { axis }) {
    const e = exp(sub(x!, detach(node(reduceOp, [x!], { fn: "max", axes: [axis] }))));
    return div(e, node(reduceOp, [e], { fn: "sum", axes: [axis] }));
  },
  match(y) {
    const [e, total] = operandsOf(y, "div") ?? [];
    const sum = total === undefined ? undefined : reducedFrom(total, "sum");
    const z = e === undefined ? undefined : unaryOperand(e, "exp");
    if (e === undefined || z === undefined || sum?.x !== e || sum.axes.length !== 1) return undefined;
    const [x, shift] = operandsOf(z, "sub") ?? [];
    if (x === undefined || shift === undefined) return undefined;
    const kept = shift.op === detachOp ? shift.inputs[0]! : shift;
    const most = reducedFrom(kept, "max");
    if (most?.x !== x || most.axes.length !== 1 || most.axes[0] !== sum.axes[0]) return undefined;
    return {
      inputs: [x],
      attrs: { axis: sum.axes[0]! },
      inside: [total!, e, z, shift, ...(kept === shift ? [] : [kept])],
    };
  },
  grad(y, dy) {
    const { axis } = y.attrs;
    return [mul(y, sub(dy, node(reduceOp, [mul(dy, y)], { fn: "sum", axes: [axis] })))];
  },
};

export interface SoftmaxOptions {
  /** Default: the last. */
  readonly axis?: number | undefined;
}

/**
 * Shares that sum to 1 along `axis`. f32 or f16; integers are taken as f32.
 * @throws TatamiError `axis`, `zero-size`, `argument`.
 */
export function softmax<S extends Shape>(x: Tensor<S>, options: SoftmaxOptions = {}): Tensor<S> {
  const { from, axis } = softmaxOperand(x, options, "softmax");
  return node(softmaxOp, [from], { axis }) as Tensor<S>;
}

/** What softmax and logSoftmax check alike. */
export function softmaxOperand(x: unknown, options: SoftmaxOptions, op: string): { from: Tensor; axis: number } {
  const from = toFloat(checkTensor(x, op, "x"));
  const axis = normalizeAxis(checkOptions(options, op).axis ?? -1, from.shape.length, op);
  checkNonEmpty([from.shape[axis]!], op, "x along the axis");
  return { from, axis };
}
