/** What a kernel is in this backend: the planner's view, how it is run for people, and its dispatches. */
import type { Kernel, Spec } from "@tatamijs/core/backend";
import type { Product } from "./conv/size.ts";
import type { Way } from "./conv/tile.ts";

/** A range of a buffer. Offsets are multiples of 256, sizes of 16. */
export interface Part {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

export interface Operand extends Part {
  readonly spec: Spec;
}

/** Where a step's values lie, and what it may ask for when it is linked. */
export interface Io {
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** Part of the step's scratch, `at` bytes from its start (a multiple of 256); contents undefined. */
  scratch(at: number, bytes: number): Part;
  /** Words that the kernel only reads, kept as long as the program. Equal keys within a program are one table. */
  table(key: string, make: () => Uint32Array<ArrayBuffer>): Part;
}

/** A WGSL text; its bindings are 0: uniforms, then storage in order. One pipeline per text. */
export interface Shader {
  readonly label: string;
  readonly code: string;
  /** Which of the storage bindings are written. */
  readonly writes: readonly boolean[];
}

/** One dispatch. What it writes lies in no buffer that it reads by another binding, unless both are bound for writing. */
export interface Dispatch {
  readonly shader: Shader;
  readonly parts: readonly Part[];
  readonly uniforms: Uint32Array<ArrayBuffer>;
  readonly groups: readonly [number, number, number];
}

export interface GpuKernel extends Kernel {
  /** How it is run, for `print`: `direct 14×8`, `winograd 4×4, 3×3`. */
  readonly variant: string;
  /** Products over windows that it is made of; which way each goes may be measured before dispatches are asked for. */
  readonly products?: readonly Product[];
  /** All that can be worked out once is worked out here. */
  dispatches(io: Io): readonly Dispatch[];
}

/** Which tiles the products run on: registers alone, or memory shared by a workgroup. */
export type Profile = "direct" | "gpu";

/** What products are run on. */
export interface Tiles {
  readonly profile: Profile;
  /** Subgroups are quads: four threads that can share what each of them loads. */
  readonly quads: boolean;
  /** On which tile a product goes, by now. */
  wayOf(product: Product): Way;
}

/** What the kernels of one backend are chosen by. */
export interface Choices extends Tiles {
  /** Direct sums only. */
  readonly strict: boolean;
  /** The least size of subgroups, whose threads may exchange values; 1 where there are none. */
  readonly subgroup: number;
  /** f16 may be used in shaders. */
  readonly half: boolean;
  /** Storage bindings that one shader may have. */
  readonly maxBindings: number;
}

export const ceilTo = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/** Scratch is dealt out in such pieces. */
export const partAlignment = 256;

export function samePlace(a: Part, b: Part): boolean {
  return a.buffer === b.buffer && a.offset === b.offset;
}

/** Nothing to do: an output without elements. */
export const idle: GpuKernel = { variant: "nothing to do", dispatches: () => [] };
