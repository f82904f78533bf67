/**
 * Elements chosen by index along one axis, and the sum back to where they came from: each the other's gradient.
 * An index outside 0 … size − 1 reads 0 and is written nowhere, so both stay one linear map and its transpose.
 */
import { typedArray, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import { checkDTypes, checkOperandDType, checkTensor, checkWhole, numberTypes } from "../operand.ts";
import type { Primitive, Spec } from "../op.ts";
import { normalizeAxis, sizeOf } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

export interface GatherAttrs {
  readonly axis: number;
}

export interface ScatterAddAttrs {
  readonly axis: number;
  /** Size of the output along `axis`. */
  readonly size: number;
}

function checkIndices(indices: Spec, op: string): number {
  if (indices.dtype !== "i32" || indices.shape.length !== 1) {
    throw new TatamiError(
      "dtype",
      `indices are ${indices.dtype} with ${indices.shape.length} axes, wanted i32 with 1; use cast and reshape`,
      { op },
    );
  }
  return indices.shape[0]!;
}

/** inputs: x, indices i32 [n]. Output: x with n along `axis`. */
export const gatherOp: Primitive<GatherAttrs> = {
  kind: "primitive",
  name: "gather",
  infer([x, indices], { axis }) {
    const count = checkIndices(indices!, "gather");
    return { shape: x!.shape.map((dim, i) => (i === axis ? count : dim)), dtype: x!.dtype };
  },
  grad: (y, dy) => [
    node(scatterAddOp, [dy, y.inputs[1]!], { axis: y.attrs.axis, size: y.inputs[0]!.shape[y.attrs.axis]! }),
    undefined,
  ],
  value([x, indices], { axis }, output, [spec]): TypedArray {
    const out = typedArray(output.dtype, sizeOf(output.shape));
    const size = spec!.shape[axis]!;
    const inner = sizeOf(output.shape.slice(axis + 1));
    for (let i = 0; i < out.length; i++) {
      const block = Math.floor(i / inner);
      const at = indices![block % indices!.length]!;
      if (at >= 0 && at < size) out[i] = x![(Math.floor(block / indices!.length) * size + at) * inner + (i % inner)]!;
    }
    return out;
  },
};

/** inputs: y, indices i32 [n] with n = y's size along `axis`. Output: sums, `size` along `axis`. f32, f16, i32. */
export const scatterAddOp: Primitive<ScatterAddAttrs> = {
  kind: "primitive",
  name: "scatterAdd",
  infer([y, indices], { axis, size }) {
    const count = checkIndices(indices!, "scatterAdd");
    if (count !== y!.shape[axis]) {
      throw new TatamiError(
        "shape",
        `${count} indices for ${y!.shape[axis]} slices along axis ${axis}; give one index per slice`,
        { op: "scatterAdd" },
      );
    }
    checkDTypes([y!], numberTypes, "scatterAdd");
    return { shape: y!.shape.map((dim, i) => (i === axis ? size : dim)), dtype: y!.dtype };
  },
  grad: (y, dy) => [node(gatherOp, [dy, y.inputs[1]!], { axis: y.attrs.axis }), undefined],
};

/**
 * `x` at `indices` along `axis`: the output has the axes of `indices` in the place of that axis. Outside indices read 0.
 * @throws TatamiError `dtype` when indices are not i32, `axis`.
 */
export function gather(x: Tensor, indices: Tensor, axis: number = 0): Tensor {
  const from = checkTensor(x, "gather", "x");
  const at = normalizeAxis(axis, from.shape.length, "gather");
  const index = checkTensor(indices, "gather", "indices");
  checkOperandDType(index, ["i32"], "gather", "indices");
  const flat = node(gatherOp, [from, reshape(index, [sizeOf(index.shape)])], { axis: at });
  return reshape(flat, [...from.shape.slice(0, at), ...index.shape, ...from.shape.slice(at + 1)]);
}

/**
 * Zeros of `size` along `axis`, plus `values[…, i, …]` at `indices[i]`. Equal indices add up.
 * @throws TatamiError `dtype`, `axis`, `shape`, `argument`.
 */
export function scatterAdd(values: Tensor, indices: Tensor, axis: number, size: number): Tensor {
  const from = checkTensor(values, "scatterAdd", "values");
  const at = normalizeAxis(axis, from.shape.length, "scatterAdd");
  const count = checkWhole(size, 0, "scatterAdd", "size");
  const index = checkTensor(indices, "scatterAdd", "indices");
  checkOperandDType(index, ["i32"], "scatterAdd", "indices");
  return node(scatterAddOp, [from, index], { axis: at, size: count });
}
