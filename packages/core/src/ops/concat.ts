/** Tensors one after the other along an axis. */
import { typedArray, type TypedArray } from "../dtype.ts";
import { show, TatamiError, wrongArgument } from "../errors.ts";
import { checkTensor, checkWhole } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { normalizeAxis, showShape, sizeOf } from "../shape.ts";
import type { Concat, Shapes } from "../shapes/movement.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { unsqueeze } from "./reshape.ts";
import { narrow } from "./slice.ts";

export interface ConcatAttrs {
  readonly axis: number;
}

export const concatOp: Primitive<ConcatAttrs> = {
  kind: "primitive",
  name: "concat",
  turn: (perm, { axis }) => ({ axis: perm.indexOf(axis) }),
  infer(inputs, { axis }) {
    const first = inputs[0]!;
    for (const x of inputs) {
      const fits =
        x.shape.length === first.shape.length && x.shape.every((dim, i) => i === axis || dim === first.shape[i]);
      if (!fits) {
        throw new TatamiError(
          "shape",
          `${showShape(first.shape)} and ${showShape(x.shape)} differ beside axis ${axis}; all other sizes must be equal`,
          { op: "concat" },
        );
      }
      if (x.dtype !== first.dtype)
        throw new TatamiError("dtype", `inputs are ${first.dtype} and ${x.dtype}; cast them to one dtype`, {
          op: "concat",
        });
    }
    const total = inputs.reduce((sum, x) => sum + x.shape[axis]!, 0);
    return { shape: first.shape.map((dim, i) => (i === axis ? total : dim)), dtype: first.dtype };
  },
  grad(y, dy) {
    let start = 0;
    return y.inputs.map((x) => {
      const size = x.shape[y.attrs.axis]!;
      start += size;
      return narrow(dy, y.attrs.axis, start - size, size);
    });
  },
  value(inputs, { axis }, output, specs): TypedArray {
    const out = typedArray(output.dtype, sizeOf(output.shape));
    const inner = sizeOf(output.shape.slice(axis + 1));
    const row = output.shape[axis]! * inner;
    let offset = 0;
    inputs.forEach((x, k) => {
      const width = specs[k]!.shape[axis]! * inner;
      for (let i = 0; i < x.length; i++) out[Math.floor(i / width) * row + offset + (i % width)] = x[i]!;
      offset += width;
    });
    return out;
  },
};

/**
 * `tensors` (of one rank and dtype, equal sizes but along `axis`) one after the other.
 * @throws TatamiError `argument` for no tensors, `shape`, `dtype`, `axis`.
 */
export function concat<const T extends readonly Tensor[], const A extends number = 0>(
  tensors: T & Fits<Concat<Shapes<T>, A>>,
  axis?: A,
): Made<Concat<Shapes<T>, A>>;
export function concat(tensors: readonly Tensor[], axis: number = 0): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw wrongArgument("concat", "tensors", tensors, "an array of at least one tensor");
  }
  const inputs = Array.from(tensors, (x: unknown, i) => checkTensor(x, "concat", `tensors[${i}]`));
  const at = normalizeAxis(axis, inputs[0]!.shape.length, "concat");
  return inputs.length === 1 ? inputs[0]! : node(concatOp, inputs, { axis: at });
}

/** Tensors of one shape along a new axis. @throws TatamiError as `concat`. */
export function stack(tensors: readonly Tensor[], axis: number = 0): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) return concat(tensors, axis);
  const at = normalizeAxis(axis, checkTensor(tensors[0], "stack", "tensors[0]").shape.length + 1, "stack");
  return concat(
    Array.from(tensors, (x: unknown, i) => {
      const given = checkTensor(x, "stack", `tensors[${i}]`);
      return unsqueeze(given, Math.min(at, given.shape.length));
    }),
    at,
  );
}

/**
 * `x` cut along `axis`: into parts of `sizes`, or into parts of one size (the last may be smaller). PyTorch's `split`.
 * @throws TatamiError `axis`, `argument`; `shape` when sizes do not add up.
 */
export function split(x: Tensor, sizes: number | readonly number[], axis: number = 0): Tensor[] {
  const { shape } = checkTensor(x, "split", "x");
  const at = normalizeAxis(axis, shape.length, "split");
  const total = shape[at]!;
  let parts: readonly number[];
  if (Array.isArray(sizes))
    parts = sizes.map((size: unknown, i: number) => checkWhole(size, 0, "split", `sizes[${i}]`));
  else {
    const size = checkWhole(sizes, 1, "split", "sizes");
    const count = Math.max(1, Math.ceil(total / size));
    checkWhole(count, 1, "split", "the number of parts", 65_536);
    parts = Array.from({ length: count }, (_, i) => Math.min(size, total - i * size));
  }
  const sum = parts.reduce((n, size) => n + size, 0);
  if (sum !== total) {
    throw new TatamiError(
      "shape",
      `sizes ${show(sizes)} add up to ${sum}, axis ${at} of ${showShape(shape)} has ${total}; they must be equal`,
      { op: "split", details: { sizes, shape } },
    );
  }
  let start = 0;
  return parts.map((size) => {
    start += size;
    return narrow(x, at, start - size, size);
  });
}
