/** Shapes: sizes, strides, broadcasting and axes. Row-major throughout; a scalar has shape []. */
import { show, TatamiError } from "./errors.ts";

/** Sizes of the axes, outermost first; each a whole number ≥ 0. */
export type Shape = readonly number[];
/** `perm[i]` is the input axis that becomes axis i of the output. */
export type Perm = readonly number[];

/** The largest number of elements of one tensor: addresses within it stay 32-bit. */
export const maxElements: number = 2 ** 31 - 1;

/** The largest number of axes. */
export const maxRank: number = 16;

function list(shape: Shape): Shape {
  if (Array.isArray(shape)) return shape;
  throw new TatamiError("shape", `shape is ${show(shape)}; give an array of sizes such as [1, 28, 28]`);
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dim of list(shape)) size *= dim;
  return size;
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = list(shape).map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** As many axes, of the same sizes? */
export function sameShape(a: Shape, b: Shape): boolean {
  return list(a).length === list(b).length && a.every((dim, axis) => dim === b[axis]);
}

/** `[2, 3]`, as error texts show it. */
export function showShape(shape: Shape): string {
  return show(list(shape));
}

/**
 * A shape given from outside.
 * @throws TatamiError `shape` when it is no array of whole numbers ≥ 0, has more than 16 axes or holds more than
 * 2³¹ − 1 elements.
 */
export function checkShape(value: unknown, op: string, name: string = "shape"): Shape {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && "length" in value)) {
    throw new TatamiError("shape", `${name} is ${show(value)}; give an array of sizes such as [1, 28, 28]`, {
      op,
      details: { given: value },
    });
  }
  if ((value as ArrayLike<unknown>).length > maxRank) {
    throw new TatamiError(
      "shape",
      `${name} ${show(value)} has ${(value as ArrayLike<unknown>).length} axes; a tensor has at most ${maxRank}`,
      { op },
    );
  }
  const shape = Array.from(value as ArrayLike<unknown>);
  for (const [axis, dim] of shape.entries()) {
    if (typeof dim !== "number" || !Number.isInteger(dim) || dim < 0) {
      throw new TatamiError(
        "shape",
        `${name} ${show(shape)} has ${show(dim)} at axis ${axis}; sizes are whole numbers ≥ 0`,
        {
          op,
          details: { shape, axis, given: dim },
        },
      );
    }
  }
  // Axes of size 0 do not excuse the others: strides must stay 32-bit too.
  const size = (shape as number[]).reduce((n, dim) => n * Math.max(dim, 1), 1);
  if (size > maxElements) {
    throw new TatamiError(
      "shape",
      `${name} ${show(shape)} has ${size} elements; a tensor holds at most ${maxElements}`,
      {
        op,
        details: { shape, elements: size },
      },
    );
  }
  // −0 is a whole number; as a size it is 0.
  return (shape as number[]).map((dim) => dim + 0);
}

/** A shape no axis of which is 0. @throws TatamiError `zero-size`. */
export function checkNonEmpty(shape: Shape, op: string, name: string): void {
  const axis = list(shape).indexOf(0);
  if (axis >= 0) {
    throw new TatamiError(
      "zero-size",
      `${name} ${showShape(shape)} is empty (axis ${axis} has size 0); it needs an element`,
      {
        op,
        details: { shape, axis },
      },
    );
  }
}

/**
 * An axis counted from the front (0 …) or from the back (−1 is the last), as one from the front.
 * @throws TatamiError `axis`.
 */
export function normalizeAxis(axis: unknown, rank: number, op: string, name: string = "axis"): number {
  if (typeof axis !== "number" || !Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const has = rank === 0 ? "is a scalar" : `has ${rank} ${rank === 1 ? "axis" : "axes"}; use ${-rank} to ${rank - 1}`;
    throw new TatamiError("axis", `${name} is ${show(axis)}, but the tensor ${has}`, {
      op,
      details: { given: axis, rank },
    });
  }
  return axis < 0 ? axis + rank : axis + 0;
}

/** Sorted distinct axes; `undefined` means all of them. @throws TatamiError `axis`. */
export function normalizeAxes(axes: unknown, rank: number, op: string, name: string = "axis"): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (Array.isArray(axes) ? axes : [axes]).map((axis: unknown) => normalizeAxis(axis, rank, op, name));
  if (new Set(list).size !== list.length) {
    throw new TatamiError("axis", `${name} ${show(axes)} names an axis twice; name each axis once`, {
      op,
      details: { given: axes },
    });
  }
  return list.sort((a, b) => a - b);
}

/**
 * NumPy's broadcasting: aligned at the last axis, sizes must be equal or 1.
 * @throws TatamiError `shape`.
 */
export function broadcastShapes(a: Shape, b: Shape, op: string): number[] {
  const rank = Math.max(list(a).length, list(b).length);
  const out: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const da = a[axis - rank + a.length] ?? 1;
    const db = b[axis - rank + b.length] ?? 1;
    if (da !== db && da !== 1 && db !== 1) {
      throw new TatamiError(
        "shape",
        `shapes ${showShape(a)} and ${showShape(b)} do not broadcast: ${show(da)} against ${show(db)}, ` +
          `${rank - axis === 1 ? "at the last axis" : `${rank - axis} axes from the end`}; sizes must be equal or 1`,
        { op, details: { a, b, sizes: [da, db], axis: axis - rank } },
      );
    }
    out.push(da === 1 ? db : da);
  }
  return out;
}

/** `permuted(shape, perm)[i] = shape[perm[i]]`. */
export function permuted(values: Shape, perm: Perm): number[] {
  list(values);
  return list(perm).map((axis) => values[axis]!);
}

/** The permutation that undoes `perm`. @throws TatamiError `axis` when it is none. */
export function inversePerm(perm: Perm): number[] {
  const inverse = list(perm).map((_, axis) => perm.indexOf(axis));
  if (inverse.includes(-1)) throw new TatamiError("axis", `perm is ${show(perm)}; name each axis from 0 on once`);
  return inverse;
}

/** Does `perm` leave every axis where it is? */
export function isIdentity(perm: Perm): boolean {
  return list(perm).every((axis, i) => axis === i);
}
