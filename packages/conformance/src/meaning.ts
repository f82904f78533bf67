/** What an op's file in this column says: its float64 meaning, its cases, and how to make a random one. */
import type { Attrs, DType, OpName } from "@tatamijs/core";
import type { Rng } from "./rng.ts";
import { count, type Value } from "./value.ts";

/** The result of an op, with what a correct kernel may be off by. */
export interface Meaning {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Not rounded to the dtype. */
  readonly values: Float64Array;
  /**
   * Error allowed at each element, in units of 2⁻²⁴ (f16: 2⁻¹¹): ulps · Σ|xᵢwᵢ|, worked out from the case's own numbers.
   * Absent: none beyond the rounding of the result to its dtype.
   */
  readonly error?: Float64Array;
  /**
   * Σ|xᵢwᵢ|. Present where only sums and products are taken: with whole inputs the result is then whole, and must be met
   * exactly as long as this stays below 2²⁴ (2¹¹).
   */
  readonly size?: Float64Array;
  /** Moves elements: −0 must arrive as −0. */
  readonly moves?: true;
}

export interface OpKit<A> {
  meaning(inputs: readonly Value[], attrs: A): Meaning;
  cases(): readonly Case<A>[];
  /** Seeded random geometry, at most 200,000 multiply–adds. */
  random(from: Rng): CaseBody<A>;
  /** For gradients: the operands as they are when the first one moves (batch statistics are functions of x). */
  couple?(inputs: readonly Value[], attrs: A): readonly Value[];
}

/** A kit whose attributes are not known to the reader. */
// oxlint-disable-next-line typescript/no-explicit-any -- attrs are contravariant: only `any` holds every kit
export type AnyKit = OpKit<any>;

/** How an operand's numbers are made. Plain data. */
export type Fill =
  /** As written; NaN, ±Infinity and −0 are themselves. */
  | { readonly kind: "values"; readonly values: readonly number[] }
  /** Whole numbers from `low` to `high`. */
  | { readonly kind: "integers"; readonly low: number; readonly high: number }
  /** Anything from `low` to `high` that the dtype can hold. */
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  /** All different, no two nearer than 1/64 and none nearer to 0 than 1/128: away from the kinks of max, relu, abs. */
  | { readonly kind: "distinct" };

export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly fill: Fill;
  /** Elements put over the fill: [position, number]. */
  readonly at?: readonly (readonly [number, number])[];
}

/**
 * What a case is about, beside its value: `grad` checks gradients; `memory` runs the costlier memory laws too;
 * others are for people and for counting (golden, straddle, large, geometry, nan, dtype, random).
 */
export type Tag =
  | "grad"
  | "memory"
  | "golden"
  | "straddle"
  | "large"
  | "geometry"
  | "broadcast"
  | "nan"
  | "infinity"
  | "zero"
  | "dtype"
  | "ties"
  | "random"
  | "empty"
  | "batch"
  | "groups";

export interface CaseBody<A> {
  readonly attrs: A;
  readonly inputs: readonly Operand[];
  readonly tags: readonly Tag[];
  /** Worked by hand: the oracle is held to it too. */
  readonly expect?: readonly number[];
}

export interface Case<A = unknown> extends CaseBody<A> {
  /** Stable: reports, skips and reproductions name it. Begins with the op's name. */
  readonly id: string;
  readonly op: OpName;
}

/** Attributes of an op by name, for files that write cases. */
export type AttrsOf<N extends OpName> = Attrs<N>;

/** DESIGN's bound for n products: the worst case for few, the statistical one for many. */
export function sumUlps(n: number): number {
  return Math.min(2 * n, 8 * Math.sqrt(n) + 8);
}

/** For an op whose every element is worked out alone. */
export function perElement(
  shape: readonly number[],
  dtype: DType,
  f: (flat: number) => { readonly value: number; readonly error?: number; readonly size?: number },
): Meaning {
  const total = count(shape);
  const values = new Float64Array(total);
  const error = new Float64Array(total);
  const size = new Float64Array(total);
  let rounded = false;
  let sized = false;
  for (let i = 0; i < total; i++) {
    const one = f(i);
    values[i] = one.value;
    if (one.error !== undefined) {
      rounded = true;
      error[i] = one.error;
    }
    if (one.size !== undefined) {
      sized = true;
      size[i] = one.size;
    }
  }
  return { shape, dtype, values, ...(rounded ? { error } : {}), ...(sized ? { size } : {}) };
}
