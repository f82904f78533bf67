/** Products over the last axis: `matmul` (NumPy's rule for vectors) and `linear`. */
import type { Shape } from "../shape.ts";
import type { Broadcast } from "./broadcasting.ts";
import type { Dim } from "./digits.ts";
import type { IsPlain, Show } from "./result.ts";

type Differ<A, B> = number extends A | B ? false : A extends B ? false : true;

type Clash<
  A extends Shape,
  B extends Shape,
  K extends number,
  L extends number,
> = `matmul: ${Show<A>} has ${K} columns, ${Show<B>} has ${L} rows`;

/** (…, M, K)·(…, K, N) → (…, M, N); a vector is a row on the left and a column on the right. */
export type Matmul<A extends Shape, B extends Shape> =
  IsPlain<A> extends true
    ? Shape
    : IsPlain<B> extends true
      ? Shape
      : A extends readonly []
        ? "matmul: an operand is a scalar; use mul"
        : B extends readonly []
          ? "matmul: an operand is a scalar; use mul"
          : A extends readonly [infer K]
            ? B extends readonly [infer L]
              ? Differ<Dim<K>, Dim<L>> extends true
                ? Clash<A, B, Dim<K>, Dim<L>>
                : readonly []
              : B extends readonly [...infer Outer extends Shape, infer L, infer N]
                ? Differ<Dim<K>, Dim<L>> extends true
                  ? Clash<A, B, Dim<K>, Dim<L>>
                  : readonly [...Outer, N]
                : never
            : A extends readonly [...infer Outer extends Shape, infer M, infer K]
              ? B extends readonly [infer L]
                ? Differ<Dim<K>, Dim<L>> extends true
                  ? Clash<A, B, Dim<K>, Dim<L>>
                  : readonly [...Outer, M]
                : B extends readonly [...infer Others extends Shape, infer L, infer N]
                  ? Differ<Dim<K>, Dim<L>> extends true
                    ? Clash<A, B, Dim<K>, Dim<L>>
                    : Broadcast<Outer, Others, "matmul"> extends infer Batch
                      ? Batch extends Shape
                        ? readonly [...Batch, M, N]
                        : Batch
                      : never
                  : never
              : never;

/** x (…, I), w (O, I) → (…, O). */
export type Linear<X extends Shape, W extends Shape, Op extends string = "linear"> =
  IsPlain<X> extends true
    ? Shape
    : X extends readonly [...infer Outer extends Shape, infer I]
      ? IsPlain<W> extends true
        ? readonly [...Outer, number]
        : W extends readonly [infer O, infer K]
          ? Differ<Dim<I>, Dim<K>> extends true
            ? `${Op}: x ${Show<X>} has ${Dim<I>} features, w ${Show<W>} takes ${Dim<K>}`
            : readonly [...Outer, O]
          : `${Op}: w has ${W["length"]} axes, wanted 2: (O, I)`
      : `${Op}: x is a scalar; it has no features`;
