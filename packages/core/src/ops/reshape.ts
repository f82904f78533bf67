/** The same elements in the same order under another shape. Costs nothing where the backend can alias. */
import { show, TatamiError } from "../errors.ts";
import { checkTensor } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { checkShape, normalizeAxes, normalizeAxis, sameShape, showShape, sizeOf, type Shape } from "../shape.ts";
import type { Flatten, Reshape } from "../shapes/movement.ts";
import type { Fits, Made } from "../shapes/result.ts";
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
      throw new TatamiError(
        "shape",
        `${showShape(x!.shape)} has ${sizeOf(x!.shape)} elements, ${showShape(shape)} has ${sizeOf(shape)}; the numbers must be equal`,
        {
          op: "reshape",
          details: { from: x!.shape, to: shape },
        },
      );
    }
    return { shape, dtype: x!.dtype };
  },
  grad: (y, dy) => [reshape(dy, y.inputs[0]!.shape)],
  value: ([x]) => x!,
};

/**
 * `x` under `shape`; one size may be −1 and is worked out.
 * @throws TatamiError `shape` when the numbers of elements differ.
 */
export function reshape<const X extends Shape, const T extends Shape>(
  x: Tensor<X> & Fits<Reshape<X, T>>,
  shape: T,
): Made<Reshape<X, T>>;
export function reshape(x: Tensor, shape: Shape): Tensor {
  const from = checkTensor(x, "reshape", "x");
  const wanted = Array.isArray(shape) && shape.includes(-1) ? solve(from.shape, shape) : checkShape(shape, "reshape");
  return sameShape(from.shape, wanted) ? from : node(reshapeOp, [from], { shape: wanted });
}

function solve(from: Shape, shape: Shape): Shape {
  const rest = checkShape(
    shape.map((dim) => (dim === -1 ? 1 : dim)),
    "reshape",
  );
  const known = sizeOf(rest);
  const missing = sizeOf(from) / known;
  if (shape.filter((dim) => dim === -1).length > 1 || !Number.isInteger(missing)) {
    throw new TatamiError(
      "shape",
      `${showShape(from)} has ${sizeOf(from)} elements, which ${show(shape)} cannot hold; use one −1 where the other sizes divide`,
      {
        op: "reshape",
        details: { from, to: shape },
      },
    );
  }
  return checkShape(
    shape.map((dim) => (dim === -1 ? missing : dim)),
    "reshape",
  );
}

/**
 * Axes `start` to `end` (both included, PyTorch's defaults) as one: [N, C, H, W] → [N, C·H·W]. A scalar becomes [1].
 * @throws TatamiError `axis`.
 */
export function flatten<const X extends Shape, const A extends number = 1, const B extends number = -1>(
  x: Tensor<X> & Fits<Flatten<X, A, B>>,
  start?: A,
  end?: B,
): Made<Flatten<X, A, B>>;
export function flatten(x: Tensor, start: number = 1, end: number = -1): Tensor {
  const from = checkTensor(x, "flatten", "x");
  const { shape } = from;
  const rank = Math.max(shape.length, 1);
  const first = normalizeAxis(shape.length === 0 && start === 1 ? 0 : start, rank, "flatten", "start");
  const last = normalizeAxis(end, rank, "flatten", "end");
  if (first > last) {
    throw new TatamiError(
      "axis",
      `start is axis ${first}, after end, axis ${last}; flatten from the first to the last`,
      { op: "flatten" },
    );
  }
  return reshape(from, [...shape.slice(0, first), sizeOf(shape.slice(first, last + 1)), ...shape.slice(last + 1)]);
}

/**
 * Without the axes of size 1, or without `axis` alone (several: a list).
 * @throws TatamiError `axis`; `shape` when an axis that is named is not of size 1.
 */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  const { shape } = checkTensor(x, "squeeze", "x");
  const axes =
    axis === undefined
      ? shape.flatMap((dim, i) => (dim === 1 ? [i] : []))
      : normalizeAxes(axis, shape.length, "squeeze");
  const wide = axes.find((i) => shape[i] !== 1);
  if (wide !== undefined) {
    throw new TatamiError(
      "shape",
      `axis ${wide} of ${showShape(shape)} has size ${shape[wide]}; only axes of size 1 can go`,
      { op: "squeeze", details: { shape, axis: wide } },
    );
  }
  return reshape(
    x,
    shape.filter((_, i) => !axes.includes(i)),
  );
}

/** A new axis of size 1 that becomes axis `axis` of the result (−1: the last). @throws TatamiError `axis`. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const { shape } = checkTensor(x, "unsqueeze", "x");
  const at = normalizeAxis(axis, shape.length + 1, "unsqueeze");
  return reshape(x, [...shape.slice(0, at), 1, ...shape.slice(at)]);
}
