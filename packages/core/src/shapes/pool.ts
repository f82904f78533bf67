/** Pooling: (C, H, W) or (N, C, H, W), one dimension as a row; the stride is the kernel's size unless given. */
import type { Shape } from "../shape.ts";
import type { Dim } from "./digits.ts";
import type { Along, PaddingAlong } from "./options.ts";
import type { IsPlain, Show } from "./result.ts";
import type { Windows } from "./window.ts";
import type { RowRank } from "./convolution.ts";

/** What `stride` is where it was left out. */
export type Strides<S, K> = [S] extends [undefined] ? K : S;

export type Pool2d<X extends Shape, K, S, P, D, R, Op extends string> =
  IsPlain<X> extends true
    ? Shape
    : X extends readonly [...infer B extends Shape, infer H, infer W]
      ? B["length"] extends 1 | 2
        ? Windows<
            `${Op}: OH`,
            Dim<H>,
            Along<K, 0>,
            Along<Strides<S, K>, 0>,
            PaddingAlong<P, 0>,
            Along<D, 0>,
            R
          > extends infer OH
          ? OH extends string
            ? OH
            : Windows<
                  `${Op}: OW`,
                  Dim<W>,
                  Along<K, 1>,
                  Along<Strides<S, K>, 1>,
                  PaddingAlong<P, 1>,
                  Along<D, 1>,
                  R
                > extends infer OW
              ? OW extends string
                ? OW
                : readonly [...B, OH, OW]
              : never
          : never
        : `${Op}: x has ${X["length"]} axes (shape ${Show<X>}), wanted 3 or 4: (C, H, W) or (N, C, H, W)`
      : `${Op}: x has ${X["length"]} axes (shape ${Show<X>}), wanted 3 or 4: (C, H, W) or (N, C, H, W)`;

type RowPadding<P> = P extends string ? P : readonly [P, P];

export type Pool1d<X extends Shape, K, S, P, D, R, Op extends string> =
  IsPlain<X> extends true
    ? Shape
    : [RowRank<X, Op>] extends [never]
      ? X extends readonly [...infer B extends Shape, infer L]
        ? Windows<
            `${Op}: OW`,
            Dim<L>,
            Dim<K>,
            Along<Strides<S, K>, 1>,
            PaddingAlong<RowPadding<P>, 1>,
            Along<D, 1>,
            R
          > extends infer OL
          ? OL extends string
            ? OL
            : readonly [...B, OL]
          : never
        : never
      : RowRank<X, Op>;
