/** How values lie in linear memory, and before them what threads say to each other. */
import {
  bytesPerElement,
  dtypes,
  sizeOf,
  typedArray,
  type DType,
  type Spec,
  type TypedArray,
} from "@tatamijs/core/backend";

export const ceilTo = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/** SIMD kernels read and write whole vectors: a value's last one is its own. */
const vectorBytes = 16;

/** One cache line, so that no two threads write one for different values. */
export const alignment = 64;

export const mostThreads = 64;

/** Of the control block: the frame's lines, and one for each thread. */
export const controlBytes: number = 3 * alignment + mostThreads * alignment;

/** Addresses have 32 bits, and half of them must do for one value. */
export const maxBytes: number = 2 ** 31 - 65536;

/** f16 where this engine has the array. */
export function dtypesHere(): readonly DType[] {
  return dtypes.filter((dtype) => dtype !== "f16" || typeof Float16Array !== "undefined");
}

/** Whole vectors: what lies behind the last element is the value's own, and undefined. */
export function bytesOf({ shape, dtype }: Spec): number {
  return ceilTo(sizeOf(shape) * bytesPerElement(dtype), vectorBytes);
}

export function aliases(from: Spec, to: Spec): boolean {
  return from.dtype === to.dtype;
}

/** A value that was posted as its bytes. */
export function valuesIn(bytes: ArrayBuffer, { shape, dtype }: Spec): TypedArray {
  return typedArray(dtype, bytes, 0, sizeOf(shape));
}

/** What runs, for people. */
export function variantOf(relaxed: boolean, threads: number): string {
  return `${relaxed ? "relaxed simd" : "simd"}, ${threads} thread${threads === 1 ? "" : "s"}`;
}
