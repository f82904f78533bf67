/**
 * What the oracle computes with: shapes as plain arrays, numbers as float64. Not core's shape math: the two are compared,
 * so nothing here may be borrowed from there.
 */
import type { DType, TypedArray } from "@tatamijs/core";

export interface Value {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Row-major; each number is one that the dtype can hold. */
  readonly data: Float64Array;
}

/** Number of elements. */
export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Visits every index of a shape in row-major order. The array is reused: copy it to keep it. */
export function walk(shape: readonly number[], visit: (index: readonly number[], flat: number) => void): void {
  const total = count(shape);
  const index = shape.map(() => 0);
  for (let flat = 0; flat < total; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Row-major position of an index, by Horner's rule. */
export function position(shape: readonly number[], index: readonly number[]): number {
  let at = 0;
  for (let axis = 0; axis < shape.length; axis++) at = at * shape[axis]! + index[axis]!;
  return at;
}

/** The element at an index; along an axis of size 1 every index means 0. */
export function element(x: Value, index: readonly number[]): number {
  let at = 0;
  for (let axis = 0; axis < x.shape.length; axis++) at = at * x.shape[axis]! + (x.shape[axis] === 1 ? 0 : index[axis]!);
  return x.data[at]!;
}

/** The shape that several of one rank broadcast to. */
export function spread(...shapes: readonly (readonly number[])[]): number[] {
  return shapes[0]!.map((_, axis) => shapes.map((shape) => shape[axis]!).find((size) => size !== 1) ?? 1);
}

function roundHalf(x: number): number {
  const a = Math.abs(x);
  if (a >= 65520) return Math.sign(x) * Infinity;
  if (a === 0 || Number.isNaN(a)) return x;
  const step = 2 ** (Math.max(Math.floor(Math.log2(a)), -14) - 10);
  const low = Math.floor(a / step);
  const rest = a / step - low;
  return Math.sign(x) * (rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low) * step;
}

/** The number of a dtype that is nearest to `x` (ties to even); integers wrap. */
export function toDType(dtype: DType, x: number): number {
  switch (dtype) {
    case "f32":
      return Math.fround(x);
    case "f16":
      return roundHalf(x);
    case "i32":
      return x | 0;
    case "u8":
      return x & 255;
    case "bool":
      return x === 0 ? 0 : 1;
  }
}

/** Half the distance from 1 to the next number: the relative error of one rounding. */
export function unit(dtype: DType): number {
  return dtype === "f16" ? 2 ** -11 : 2 ** -24;
}

export function value(shape: readonly number[], dtype: DType, data: ArrayLike<number>): Value {
  return { shape, dtype, data: Float64Array.from(data, (x) => toDType(dtype, x)) };
}

/** Is `dtype` one that this runtime has an array for? */
export function hasArray(dtype: DType): boolean {
  return dtype !== "f16" || typeof Float16Array !== "undefined";
}

/** As a backend takes and gives them. */
export function toTyped(dtype: DType, data: ArrayLike<number>): TypedArray {
  switch (dtype) {
    case "f32":
      return Float32Array.from(data);
    case "f16":
      return Float16Array.from(data);
    case "i32":
      return Int32Array.from(data);
    default:
      return Uint8Array.from(data);
  }
}
