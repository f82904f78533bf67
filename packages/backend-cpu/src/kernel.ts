/** What a kernel is in this backend: the planner's view, and `bind`, which fixes addresses and returns what runs. */
import { typedArray, sizeOf, type Kernel, type Slice, type TypedArray } from "@tatamijs/core/backend";

export type Memory = ArrayBuffer;

/** Views of a step's slices, of the logical length, in the class of their dtype. */
export interface Io {
  readonly inputs: readonly TypedArray[];
  readonly output: TypedArray;
  /** As many bytes as the kernel asked for, 64-byte aligned; contents undefined. */
  readonly scratch: Float64Array<ArrayBuffer>;
}

export interface CpuKernel extends Kernel {
  /** All that can be worked out once is worked out here; the function returned allocates nothing. */
  bind(io: Io): () => void;
}

export function viewOf({ memory, offset, spec }: Slice<Memory>): TypedArray {
  return typedArray(spec.dtype, memory, offset, sizeOf(spec.shape));
}

const none = new Float64Array(0);

export function scratchOf(slice: Slice<Memory> | undefined): Float64Array<ArrayBuffer> {
  return slice === undefined ? none : new Float64Array(slice.memory, slice.offset, Math.floor(slice.bytes / 8));
}

/** The f32 values of an operand that the kernel knows to be f32. */
export function f32(values: TypedArray): Float32Array {
  return values as Float32Array;
}

/** Part of a scratch, as f32. `at` in bytes. */
export function f32Part(scratch: Float64Array<ArrayBuffer>, at: number, length: number): Float32Array<ArrayBuffer> {
  return new Float32Array(scratch.buffer, scratch.byteOffset + at, length);
}

/** Bytes of `length` f32, a multiple of 64. */
export function f32Bytes(length: number): number {
  return Math.ceil((length * 4) / 64) * 64;
}
