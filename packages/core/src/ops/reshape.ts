/** The same elements in the same order under another shape. Costs nothing where the backend can alias. */
import { show, TatamiError } from "../errors.ts";
import { checkTensor } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { checkShape, sameShape, showShape, sizeOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";

export interface ReshapeAttrs {
  readonly shape: Shape;
}

export const reshapeOp: Primitive<ReshapeAttrs> = {
  kind: "primitive",
  name: "reshape",
  alias: true,
  infer([x], { shape }) {
    if (sizeOf(x!.shape) !== sizeOf(shape)) {
      throw new TatamiError("shape", `${showShape(x!.shape)} has ${sizeOf(x!.shape)} elements, ${showShape(shape)} has ${sizeOf(shape)}; the numbers must be equal`, {
        op: "reshape",
        details: { from: x!.shape, to: shape },
      });
    }
    return { shape, dtype: x!.dtype };
  },
  grad: (y, dy) => [reshape(dy, y.inputs[0]!.shape)],
  value: ([x]) => x!,
};

/**
 * `x` under `shape`; one size may be −1 and is worked out.
 * @throws TatamiError `shape`.
 */
export function reshape<const T extends Shape>(x: Tensor, shape: T): Tensor<T> {
  const from = checkTensor(x, "reshape", "x");
  const wanted = Array.isArray(shape) && shape.includes(-1) ? solve(from.shape, shape) : checkShape(shape, "reshape");
  if (sameShape(from.shape, wanted)) return from as Tensor as Tensor<T>;
  return node(reshapeOp, [from], { shape: wanted }) as Tensor as Tensor<T>;
}

function solve(from: Shape, shape: Shape): Shape {
  const rest = checkShape(shape.map((dim) => (dim === -1 ? 1 : dim)), "reshape");
  const known = sizeOf(rest);
  const missing = sizeOf(from) / known;
  if (shape.filter((dim) => dim === -1).length > 1 || !Number.isInteger(missing)) {
    throw new TatamiError("shape", `${showShape(from)} has ${sizeOf(from)} elements, which ${show(shape)} cannot hold; use one −1 where the other sizes divide`, {
      op: "reshape",
      details: { from, to: shape },
    });
  }
  return shape.map((dim) => (dim === -1 ? missing : dim));
}

/** Axes from `start` on as one: [N, C, H, W] → [N, C·H·W]. @throws TatamiError `axis`. */
export function flatten(x: Tensor, start: number = 1): Tensor {
  const from = checkTensor(x, "flatten", "x");
  const rank = from.shape.length;
  if (!Number.isInteger(start) || start < 0 || start > rank) {
    throw new TatamiError("axis", `start is ${show(start)}, but the tensor has ${rank} axes; use 0 to ${rank}`, { op: "flatten" });
  }
  return reshape(from, [...from.shape.slice(0, start), sizeOf(from.shape.slice(start))]);
}
