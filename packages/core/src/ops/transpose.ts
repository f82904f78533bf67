/** Axes in another order: output axis i is input axis perm[i] (NumPy's transpose, PyTorch's permute). */
import { show, TatamiError } from "../errors.ts";
import { checkTensor } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { inversePerm, isIdentity, permuted, stridesOf, type Perm, type Shape } from "../shape.ts";
import type { Transpose } from "../shapes/movement.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { addresses, collected } from "./elements.ts";

export interface TransposeAttrs {
  readonly perm: Perm;
}

export const transposeOp: Primitive<TransposeAttrs> = {
  kind: "primitive",
  name: "transpose",
  perm: ({ perm }) => perm,
  infer: ([x], { perm }) => ({ shape: permuted(x!.shape, perm), dtype: x!.dtype }),
  grad: (y, dy) => [transpose(dy, inversePerm(y.attrs.perm))],
  value: ([x], { perm }, output, [spec]) =>
    collected(x!, output, addresses(output.shape, permuted(stridesOf(spec!.shape), perm))),
};

/**
 * Axes in the order `perm`; left out, reversed.
 * @throws TatamiError `axis` when `perm` is no permutation of the axes.
 */
export function transpose<const X extends Shape, const P extends Perm | undefined = undefined>(
  x: Tensor<X> & Fits<Transpose<X, P>>,
  perm?: P,
): Made<Transpose<X, P>>;
export function transpose(x: Tensor, perm?: Perm): Tensor {
  const from = checkTensor(x, "transpose", "x");
  const rank = from.shape.length;
  const axes: readonly number[] =
    perm === undefined
      ? from.shape.map((_, i) => rank - 1 - i)
      : Array.isArray(perm)
        ? perm.map((a: number) => (a < 0 ? a + rank : a + 0))
        : [];
  if (
    (perm !== undefined && !Array.isArray(perm)) ||
    axes.length !== rank ||
    !from.shape.every((_, i) => axes.includes(i))
  ) {
    throw new TatamiError(
      "axis",
      `perm is ${show(perm)}; give each of the ${rank} axes once, such as ${show(from.shape.map((_, i) => rank - 1 - i))}`,
      {
        op: "transpose",
        details: { given: perm, rank },
      },
    );
  }
  if (isIdentity(axes)) return from;
  const inner = from.op === transposeOp ? (from.attrs as TransposeAttrs).perm : undefined;
  // Two in a row are one: the public image functions put a transpose on either side of their primitive.
  return inner === undefined
    ? node(transposeOp, [from], { perm: axes })
    : transpose(
        from.inputs[0]!,
        axes.map((axis) => inner[axis]!),
      );
}
