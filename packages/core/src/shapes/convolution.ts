/** Convolution and transposed convolution, in two dimensions and in one: which channels meet, and the sizes. */
import type { Shape } from "../shape.ts";
import type { Dim } from "./digits.ts";
import type { Divide } from "./divide.ts";
import type { Multiply } from "./multiply.ts";
import type { Along, PaddingAlong } from "./options.ts";
import type { Dims } from "./pick.ts";
import type { IsPlain, Show } from "./result.ts";
import type { Spread, Windows } from "./window.ts";

type AnyFilters = readonly [number, number, number, number];

/** What stands before the channels: [] or [N]. */
type Batch<X extends Shape> = X extends readonly [infer N extends number, unknown, unknown, unknown]
  ? readonly [N]
  : readonly [];
type Map<X extends Shape> = X extends readonly [unknown, infer C, infer H, infer W]
  ? [Dim<C>, Dim<H>, Dim<W>]
  : X extends readonly [infer C, infer H, infer W]
    ? [Dim<C>, Dim<H>, Dim<W>]
    : `x has ${X["length"]} axes (shape ${Show<X>}), wanted 3 or 4: (C, H, W) or (N, C, H, W)`;
type Filters<W extends Shape> =
  IsPlain<W> extends true
    ? AnyFilters
    : Dims<W> extends infer F extends AnyFilters
      ? F
      : `w has ${W["length"]} axes (shape ${Show<W>}), wanted 4`;

/** What is wrong with channels and groups; never where nothing is. `FN` filters in `G` groups that take `D` channels each. */
export type Channels<C extends number, FN extends number, D extends number, G extends number> =
  Divides<G, C> extends false
    ? `${G} groups do not divide ${C} channels`
    : Divides<G, FN> extends false
      ? `${G} groups do not divide ${FN} filters`
      : number extends C | D | G
        ? never
        : C extends Multiply<D, G>
          ? never
          : `x has ${C} channels, the filters take ${G extends 1 ? D : `${D}·${G} = ${Multiply<D, G>}`}`;

type Divides<G extends number, N extends number> = G extends 1
  ? true
  : Divide<N, G> extends [unknown, infer Rest extends number]
    ? number extends Rest
      ? true
      : Rest extends 0
        ? true
        : false
    : true;

/** Sizes that may be texts of what is wrong, the first of which is then the result. */
type Sized<B extends Shape, FN extends number, OH, OW> = OH extends string
  ? OH
  : OW extends string
    ? OW
    : readonly [...B, FN, OH, OW];

/** x (C, H, W) or (N, C, H, W), w (FN, C/groups, FH, FW). */
export type Conv2d<X extends Shape, W extends Shape, S, P, D, R, G, Op extends string = "conv2d"> =
  IsPlain<X> extends true
    ? Shape
    : Map<X> extends infer M
      ? Filters<W> extends infer F
        ? M extends [infer C extends number, infer H extends number, infer WW extends number]
          ? F extends readonly [
              infer FN extends number,
              infer CG extends number,
              infer FH extends number,
              infer FW extends number,
            ]
            ? Named<Op, Channels<C, FN, CG, Dim<G>>> extends infer Wrong extends string
              ? [Wrong] extends [never]
                ? Sized<
                    Batch<X>,
                    FN,
                    Windows<`${Op}: OH`, H, FH, Along<S, 0>, PaddingAlong<P, 0>, Along<D, 0>, R>,
                    Windows<`${Op}: OW`, WW, FW, Along<S, 1>, PaddingAlong<P, 1>, Along<D, 1>, R>
                  >
                : Wrong
              : never
            : Named<Op, F>
          : Named<Op, M>
        : never
      : never;

type Named<Op extends string, T> = T extends string ? `${Op}: ${T}` : never;

/** x (C, H, W) or (N, C, H, W), w (C, FN/groups, FH, FW). */
export type ConvTranspose2d<X extends Shape, W extends Shape, S, P, D, More, G, Op extends string = "convTranspose2d"> =
  IsPlain<X> extends true
    ? Shape
    : Map<X> extends infer M
      ? Filters<W> extends infer F
        ? M extends [infer C extends number, infer H extends number, infer WW extends number]
          ? F extends readonly [
              infer CF extends number,
              infer FG extends number,
              infer FH extends number,
              infer FW extends number,
            ]
            ? Named<Op, Meet<C, CF, Dim<G>>> extends infer Wrong extends string
              ? [Wrong] extends [never]
                ? Sized<
                    Batch<X>,
                    Multiply<FG, Dim<G>>,
                    Spread<`${Op}: OH`, H, FH, Along<S, 0>, PaddingAlong<P, 0>, Along<D, 0>, Along<More, 0>>,
                    Spread<`${Op}: OW`, WW, FW, Along<S, 1>, PaddingAlong<P, 1>, Along<D, 1>, Along<More, 1>>
                  >
                : Wrong
              : never
            : Named<Op, F>
          : Named<Op, M>
        : never
      : never;

type Meet<C extends number, CF extends number, G extends number> = number extends C | CF
  ? never
  : C extends CF
    ? Divides<G, C> extends false
      ? `${G} groups do not divide ${C} channels`
      : never
    : `x has ${C} channels, the filters take ${CF}`;

/** A row (…, L) as a map of height 1. */
type Row<X extends Shape> = X extends readonly [...infer Rest extends Shape, infer L extends number]
  ? readonly [...Rest, 1, L]
  : X;
/** And back. */
type Unrow<Y> = Y extends readonly [...infer Rest extends Shape, unknown, infer L extends number]
  ? readonly [...Rest, L]
  : Y;

type RowPadding<P> = P extends string ? P : readonly [0, P];

/** What is wrong with the rank of x (C, L) or (N, C, L); never where nothing is. */
export type RowRank<X extends Shape, Op extends string> = X["length"] extends 2 | 3
  ? never
  : `${Op}: x has ${X["length"]} axes (shape ${Show<X>}), wanted 2 or 3: (C, L) or (N, C, L)`;

/** x (C, L) or (N, C, L), w (FN, C/groups, F). */
export type Conv1d<X extends Shape, W extends Shape, S, P, D, R, G> =
  IsPlain<X> extends true
    ? Shape
    : [RowRank<X, "conv1d">] extends [never]
      ? Unrow<Conv2d<Row<X>, Row<W>, readonly [1, S], RowPadding<P>, readonly [1, D], R, G, "conv1d">>
      : RowRank<X, "conv1d">;

/** What is wrong with the groups of a layer; never where nothing is. */
export type Grouped<C extends number, FN extends number, G extends number, Op extends string> = Named<
  Op,
  Channels<Dim<C>, Dim<FN>, number, Dim<G>>
>;
