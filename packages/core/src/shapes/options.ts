/** Options as the user wrote them, read for one axis: 0 is the height, 1 the width. */
import type { Dim } from "./digits.ts";

type Axis = 0 | 1;

/** `3` or `[3, 5]`. */
export type Along<O, A extends Axis> = [O] extends [readonly [infer H, infer W]] ? Dim<A extends 0 ? H : W> : Dim<O>;

type IsOne<T, All = T> = T extends unknown ? ([All] extends [T] ? true : false) : never;

/** [before, after], or "same". What is not known for certain (a union, a plain `Padding`) is `number`. */
export type PaddingAlong<P, A extends Axis> = [P] extends ["same"]
  ? "same"
  : [P] extends ["valid"]
    ? [0, 0]
    : [P] extends [number]
      ? [Dim<P>, Dim<P>]
      : IsOne<P> extends true
        ? P extends readonly [infer H, infer W]
          ? Sides<A extends 0 ? H : W>
          : [number, number]
        : [number, number];

type Sides<T> = [T] extends [readonly [infer Before, infer After]] ? [Dim<Before>, Dim<After>] : [Dim<T>, Dim<T>];
