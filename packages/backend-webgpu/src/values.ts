/** How values lie in buffers: row by row, 4 bytes an element (u8 and bool too, so that no two threads share a word), f16 2. */
import { sizeOf, typedArray, type DType, type Spec, type TypedArray } from "@tatamijs/core/backend";
import { ceilTo } from "./kernel.ts";

/** The element type of a storage binding. */
export function storageOf(dtype: DType): "f32" | "f16" | "i32" {
  return dtype === "f32" || dtype === "f16" ? dtype : "i32";
}

/** The type that elements are computed in. */
export function valueOf(dtype: DType): "f32" | "i32" {
  return dtype === "f32" || dtype === "f16" ? "f32" : "i32";
}

export const elementBytes = (dtype: DType): number => (dtype === "f16" ? 2 : 4);

/** Whole vectors of four, and never nothing: a binding has bytes. */
export function bytesOf({ shape, dtype }: Spec): number {
  return Math.max(16, ceilTo(sizeOf(shape) * elementBytes(dtype), 16));
}

export function aliases(from: Spec, to: Spec): boolean {
  return from.dtype === to.dtype;
}

/** The bytes that `writeBuffer` is to be given: a multiple of 4. */
export function encode({ shape, dtype }: Spec, data: TypedArray): Uint8Array<ArrayBuffer> {
  const count = sizeOf(shape);
  const bytes = ceilTo(count * elementBytes(dtype), 4);
  const whole = new Uint8Array(bytes);
  const view = dtype === "f16" ? typedArray("f16", whole.buffer, 0, count) : wordsOf(dtype, whole.buffer, 0, count);
  view.set(data);
  return whole;
}

/** The logical values in `buffer`, copied. */
export function decode({ shape, dtype }: Spec, buffer: ArrayBuffer, into?: TypedArray): TypedArray {
  const count = sizeOf(shape);
  const out = into ?? typedArray(dtype, count);
  out.set(dtype === "f16" ? typedArray("f16", buffer, 0, count) : wordsOf(dtype, buffer, 0, count));
  return out;
}

function wordsOf(dtype: DType, buffer: ArrayBuffer, at: number, count: number): Float32Array | Int32Array {
  return dtype === "f32" ? new Float32Array(buffer, at, count) : new Int32Array(buffer, at, count);
}
