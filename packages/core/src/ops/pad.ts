/**
 * A tensor set into a larger one: `before` and `after` elements at each axis, `interior` between neighbours, all `value`.
 * The other padding modes read their own elements again, through `gather`:
 * reflect 3 2 | 1 2 3 | 2 1, replicate 1 1 | 1 2 3 | 3 3, circular 2 3 | 1 2 3 | 1 2.
 */
import { isFloat, typedArray, type DType, type TypedArray } from "../dtype.ts";
import { show, TatamiError, wrongArgument } from "../errors.ts";
import { checkChoice, checkFinite, checkOptions, checkTensor, checkWhole, isWhole } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { normalizeAxes, permuted, showShape, sizeOf, stridesOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { addresses, offsetOf } from "./elements.ts";
import { gatherOp } from "./gather.ts";
import { constant } from "./leaf.ts";
import { sliceOp } from "./slice.ts";

export interface PadAttrs {
  readonly before: Shape;
  readonly after: Shape;
  readonly interior: Shape;
  /** Finite. */
  readonly value: number;
}

export const padOp: Primitive<PadAttrs> = {
  kind: "primitive",
  name: "pad",
  turn: (perm, { before, after, interior, value }) => ({
    before: permuted(before, perm),
    after: permuted(after, perm),
    interior: permuted(interior, perm),
    value,
  }),
  infer: ([x], { before, after, interior }) => ({
    shape: x!.shape.map((dim, a) => before[a]! + after[a]! + dim + Math.max(0, dim - 1) * interior[a]!),
    dtype: x!.dtype,
  }),
  grad(y, dy) {
    const { before, interior } = y.attrs;
    return [node(sliceOp, [dy], { starts: before, sizes: y.inputs[0]!.shape, steps: interior.map((gap) => gap + 1) })];
  },
  value([x], { before, interior, value }, output, [spec]): TypedArray {
    const out = typedArray(output.dtype, sizeOf(output.shape)).fill(value);
    const strides = stridesOf(output.shape);
    const apart = strides.map((stride, a) => stride * (interior[a]! + 1));
    const addressOf = addresses(spec!.shape, apart, offsetOf(before, strides));
    for (let i = 0; i < x!.length; i++) out[addressOf()] = x![i]!;
    return out;
  },
};

export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** All modes. */
export const paddingModes: readonly PaddingMode[] = ["zeros", "reflect", "replicate", "circular"];

export interface PadOptions {
  /** Default "zeros". */
  readonly mode?: PaddingMode | undefined;
  /** What "zeros" puts there. Finite. Default 0. */
  readonly value?: number | undefined;
}

/**
 * `pads[i]` = [before, after] of the i-th of the last `pads.length` axes.
 * @throws TatamiError `argument`; `shape` where a mode needs more elements than there are (reflect: fewer than the axis
 * has; circular: at most as many).
 */
export function pad(x: Tensor, pads: readonly (readonly [number, number])[], options: PadOptions = {}): Tensor {
  const op = "pad";
  const from = checkTensor(x, op, "x");
  const rank = from.shape.length;
  const { mode = "zeros", value = 0 } = checkOptions(options, op);
  if (
    !Array.isArray(pads) ||
    pads.length > rank ||
    !pads.every((p: unknown) => Array.isArray(p) && p.length === 2 && p.every((v) => isWhole(v)))
  ) {
    throw wrongArgument(
      op,
      "pads",
      pads,
      `[before, after] (whole numbers ≥ 0) for each of the last axes, at most ${rank}`,
      { rank },
    );
  }
  checkChoice(mode, paddingModes, op, "mode");
  const filling = checkFilling(value, from.dtype);
  const lead = rank - pads.length;
  const at = (side: 0 | 1): number[] => from.shape.map((_, axis) => (pads[axis - lead]?.[side] ?? 0) + 0);
  const [before, after] = [at(0), at(1)];
  if (before.every((n) => n === 0) && after.every((n) => n === 0)) return from;
  if (mode === "zeros") return node(padOp, [from], { before, after, interior: before.map(() => 0), value: filling });
  return border(from, before, after, mode, op);
}

/** A number that elements of `dtype` can be; attrs are plain data, so −0 is 0. */
function checkFilling(value: unknown, dtype: DType): number {
  const number = checkFinite(value, "pad", "value");
  const [least, most] = {
    i32: [-(2 ** 31), 2 ** 31 - 1],
    u8: [0, 255],
    bool: [0, 1],
    f32: [-Infinity, Infinity],
    f16: [-65504, 65504],
  }[dtype] as [number, number];
  if (number >= least && number <= most && (isFloat(dtype) || Number.isInteger(number))) return number + 0;
  throw new TatamiError(
    "argument",
    `value is ${show(number)}, which is no ${dtype}; give a number from ${least} to ${most}`,
    { op: "pad", details: { given: value, dtype } },
  );
}

/** `x` with `before` and `after` elements at each axis that are its own, read again in the order of `mode`. */
export function border(
  x: Tensor,
  before: Shape,
  after: Shape,
  mode: Exclude<PaddingMode, "zeros">,
  op: string,
): Tensor {
  return x.shape.reduce(
    (y, _, axis) =>
      before[axis]! + after[axis]! > 0
        ? node(gatherOp, [y, borderIndices(x.shape, axis, before[axis]!, after[axis]!, mode, op)], { axis })
        : y,
    x,
  );
}

/** Indices are values, held in memory: so many at most. */
const mostIndices: number = 2 ** 24;

function borderIndices(
  shape: Shape,
  axis: number,
  before: number,
  after: number,
  mode: Exclude<PaddingMode, "zeros">,
  op: string,
): Tensor {
  const size = shape[axis]!;
  const most = { reflect: size - 1, replicate: size === 0 ? 0 : Infinity, circular: size }[mode];
  if (Math.max(before, after) > most) {
    throw new TatamiError(
      "shape",
      `${mode} padding of ${Math.max(before, after)} at axis ${axis} of ${showShape(shape)} needs more elements than there are; use at most ${Math.max(most, 0)}`,
      {
        op,
        details: { shape, axis, before, after, mode },
      },
    );
  }
  checkWhole(before + size + after, 0, op, `the padded size of axis ${axis}`, mostIndices);
  const index = new Int32Array(before + size + after);
  for (let i = 0; i < index.length; i++) {
    const k = i - before;
    if (mode === "circular") index[i] = (k + size) % size;
    else if (mode === "replicate") index[i] = Math.min(Math.max(k, 0), size - 1);
    else index[i] = k < 0 ? -k : k >= size ? 2 * size - 2 - k : k;
  }
  return constant(index);
}

/**
 * `x` with its elements in the opposite order along `axis` (several: a list; left out: all).
 * @throws TatamiError `axis`; `argument` for an axis of more than 2²⁴ elements.
 */
export function flip<S extends Shape>(x: Tensor<S>, axis?: number | readonly number[]): Tensor<S> {
  const from: Tensor = checkTensor(x, "flip", "x");
  return normalizeAxes(axis, from.shape.length, "flip").reduce((y, at) => {
    const size = checkWhole(y.shape[at], 0, "flip", `the size of axis ${at}`, mostIndices);
    return size < 2
      ? y
      : node(gatherOp, [y, constant(Int32Array.from({ length: size }, (_, i) => size - 1 - i))], { axis: at });
  }, from) as Tensor<S>;
}
