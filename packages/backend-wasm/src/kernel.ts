/** What a kernel is in this backend: the planner's view, how it is run for people, and its calls into the module. */
import { sizeOf, type Kernel, type Spec } from "@tatamijs/core/backend";

/** A place in linear memory, in bytes from its start. */
export type Address = number;

/** A value's place. */
export interface Operand {
  readonly at: Address;
  readonly spec: Spec;
  /** Physical size. */
  readonly bytes: number;
}

/** Where a step's values lie, and what it may ask for when it is linked. */
export interface Io {
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** As many bytes as the kernel asked for, 64-byte aligned; contents undefined. */
  readonly scratch: Address;
  /** Words that the kernel only reads, kept as long as the program. Equal keys within a program are one table. */
  table(key: string, make: () => Int32Array | Float32Array): Address;
}

/**
 * One call into the module. Its units are independent of each other, so several threads may share them, and what they are
 * depends on sizes alone, so that the bits of an answer do not depend on the number of threads.
 */
export interface Phase {
  /** The name of an export of assembly/index.ts. */
  readonly code: string;
  /** Another export, which it calls. */
  readonly calls?: string | undefined;
  readonly units: number;
  /** Units that a thread claims at once. Default 1. */
  readonly grain?: number;
  /** Words, as the assembly function reads them; see `float`. */
  readonly args: readonly number[];
}

export interface WasmKernel extends Kernel {
  /** How it is run, for `print`: `f32-gemm`, `winograd 4×4, 3×3`. */
  readonly variant: string;
  /** Bytes that each thread needs for itself while it works on a unit. */
  readonly local?: number;
  /** All that can be worked out once is worked out here. */
  phases(io: Io): readonly Phase[];
}

/** What the kernels of one backend are chosen by. */
export interface Choices {
  /** Direct sums only. */
  readonly strict: boolean;
}

const word = new DataView(new ArrayBuffer(4));

/** The word that holds this f32. */
export function float(value: number): number {
  word.setFloat32(0, value);
  return word.getInt32(0);
}

/** How many units to make of `work` multiply–adds or bytes, at least `each` in one and at most `most` in all. */
export function unitsOf(work: number, each: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(work / each)));
}

export function isEmpty(...specs: readonly Spec[]): boolean {
  return specs.some((spec) => sizeOf(spec.shape) === 0);
}
