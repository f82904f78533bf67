/** A box of a tensor, every `step`-th element along each axis. Its gradient is `pad` with the same gaps. */
import type { TypedArray } from "../dtype.ts";
import { show, TatamiError, wrongArgument } from "../errors.ts";
import { checkOptions, checkTensor } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { normalizeAxis, permuted, sameShape, showShape, stridesOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { addresses, collected, offsetOf } from "./elements.ts";
import { padOp } from "./pad.ts";

export interface SliceAttrs {
  readonly starts: Shape;
  readonly sizes: Shape;
  /** ≥ 1. */
  readonly steps: Shape;
}

export const sliceOp: Primitive<SliceAttrs> = {
  kind: "primitive",
  name: "slice",
  turn: (perm, { starts, sizes, steps }) => ({
    starts: permuted(starts, perm),
    sizes: permuted(sizes, perm),
    steps: permuted(steps, perm),
  }),
  infer([x], { starts, sizes, steps }) {
    const fits = x!.shape.every(
      (dim, axis) =>
        starts[axis]! >= 0 && (sizes[axis] === 0 || starts[axis]! + (sizes[axis]! - 1) * steps[axis]! < dim),
    );
    if (!fits || sizes.length !== x!.shape.length) {
      throw new TatamiError(
        "shape",
        `from ${showShape(starts)}, ${showShape(sizes)} elements in steps of ${showShape(steps)} do not lie in ${showShape(x!.shape)}`,
        {
          op: "slice",
          details: { shape: x!.shape, starts, sizes, steps },
        },
      );
    }
    return { shape: sizes, dtype: x!.dtype };
  },
  grad(y, dy) {
    const x = y.inputs[0]!;
    const { starts, sizes, steps } = y.attrs;
    const after = x.shape.map((dim, a) => dim - starts[a]! - (sizes[a] === 0 ? 0 : (sizes[a]! - 1) * steps[a]! + 1));
    return [node(padOp, [dy], { before: starts, after, interior: steps.map((step) => step - 1), value: 0 })];
  },
  value([x], { starts, steps }, output, [spec]): TypedArray {
    const strides = stridesOf(spec!.shape);
    const stepped = strides.map((stride, a) => stride * steps[a]!);
    return collected(x!, output, addresses(output.shape, stepped, offsetOf(starts, strides)));
  },
};

export interface SliceOptions {
  /** First element per axis; negative counts from the end. Default 0. */
  readonly start?: readonly number[] | undefined;
  /** One past the last per axis; negative counts from the end; beyond the end means the end. Default the end. */
  readonly end?: readonly (number | undefined)[] | undefined;
  /** Default 1. */
  readonly step?: readonly number[] | undefined;
}

/**
 * `x[start:end:step]` along the first axes; axes left out stay whole. What lies outside is left out (NumPy's rule).
 * @throws TatamiError `argument`.
 */
export function slice(x: Tensor, options: SliceOptions): Tensor {
  const from = checkTensor(x, "slice", "x");
  const rank = from.shape.length;
  const list = (value: unknown, name: string): readonly unknown[] => {
    if (value === undefined) return [];
    if (Array.isArray(value) && value.length <= rank) return value;
    throw wrongArgument("slice", name, value, `an array of at most ${rank} numbers, one per axis`);
  };
  const whole = (value: unknown, name: string, least: number): number => {
    if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
    throw new TatamiError(
      "argument",
      `${name} holds ${show(value)}; give whole numbers${least > 0 ? ` ≥ ${least}` : ""}`,
      { op: "slice" },
    );
  };
  const given = checkOptions(options, "slice");
  const [start, end, step] = [list(given.start, "start"), list(given.end, "end"), list(given.step, "step")];
  const clamp = (at: number, dim: number): number => Math.min(Math.max(at < 0 ? at + dim : at, 0), dim);
  const starts = from.shape.map((dim, a) => clamp(whole(start[a] ?? 0, "start", -Infinity), dim));
  const steps = from.shape.map((_, a) => whole(step[a] ?? 1, "step", 1));
  const sizes = from.shape.map((dim, a) =>
    Math.max(0, Math.ceil((clamp(whole(end[a] ?? dim, "end", -Infinity), dim) - starts[a]!) / steps[a]!)),
  );
  if (sameShape(sizes, from.shape)) return from;
  return node(sliceOp, [from], { starts, sizes, steps });
}

/** `size` elements from `start` along one axis. @throws TatamiError `axis`, `shape`. */
export function narrow(x: Tensor, axis: number, start: number, size: number): Tensor {
  const from = checkTensor(x, "narrow", "x");
  const at = normalizeAxis(axis, from.shape.length, "narrow");
  if (!Number.isInteger(start) || !Number.isInteger(size) || start < 0 || size < 0 || start + size > from.shape[at]!) {
    throw new TatamiError(
      "shape",
      `${show(size)} elements from ${show(start)} do not lie in axis ${at} of ${showShape(from.shape)}; use 0 ≤ start, start + size ≤ ${from.shape[at]}`,
      {
        op: "narrow",
        details: { shape: from.shape, axis: at, start, size },
      },
    );
  }
  const zeros = from.shape.map(() => 0);
  return node(sliceOp, [from], {
    starts: zeros.with(at, start),
    sizes: from.shape.map((dim, i) => (i === at ? size : dim)),
    steps: zeros.map(() => 1),
  });
}
