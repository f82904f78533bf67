/** The size formula along one axis, OH = (H + P₀ + P₁ − D·(FH − 1) − 1)/S + 1: `countWindows` of fixes.ts in types. */
import type { Add, IsNegative, Less, Subtract } from "./add.ts";
import type { Divide } from "./divide.ts";
import type { Multiply } from "./multiply.ts";

/** D·(F − 1) + 1. */
export type Extent<F extends number, D extends number> = D extends 1
  ? F
  : F extends 1
    ? 1
    : Add<Multiply<D, Subtract<F, 1>>, 1>;

/** A size, or the text of what is wrong. */
export type Windows<
  Name extends string,
  H extends number,
  F extends number,
  S extends number,
  P,
  D extends number,
  R,
> = P extends "same"
  ? Divide<H, S> extends [infer Q extends number, infer Rest extends number]
    ? Rest extends 0
      ? Q
      : Add<Q, 1>
    : never
  : P extends [infer Before extends number, infer After extends number]
    ? number extends H | F | S | Before | After | D
      ? number
      : Room<Name, H, F, S, Before, After, D, R, Subtract<Add<Add<H, Before>, After>, Extent<F, D>>>
    : number;

type Room<
  Name extends string,
  H extends number,
  F extends number,
  S extends number,
  Before extends number,
  After extends number,
  D extends number,
  R,
  N extends number,
> =
  IsNegative<N> extends true
    ? `${Name} = ${Formula<H, F, S, Before, After, D>} is below 1: the kernel is larger than the padded input`
    : Divide<N, S> extends [infer Q extends number, infer Rest extends number]
      ? Rest extends 0
        ? Add<Q, 1>
        : [R] extends ["floor"]
          ? Add<Q, 1>
          : [R] extends ["ceil"]
            ? Ceil<Add<Q, 1>, S, Add<H, Before>>
            : [R] extends ["exact"]
              ? number extends Rest
                ? number
                : `${Name} = ${Formula<H, F, S, Before, After, D>} is not an integer`
              : number
      : never;

/** One window more, unless it would begin in the padding after the input. */
type Ceil<Floor extends number, S extends number, End extends number> =
  Less<Multiply<Floor, S>, End> extends true ? Add<Floor, 1> : Floor;

/** `(7 + 2·0 − 3)/3 + 1`, as the error of the run time has it. */
type Formula<
  H extends number,
  F extends number,
  S extends number,
  Before extends number,
  After extends number,
  D extends number,
> = `(${H} + ${Before extends After ? `2·${Before}` : `${Before} + ${After}`} − ${D extends 1 ? F : `(${D}·(${F} − 1) + 1)`})/${S} + 1`;

/** A transposed convolution: (H − 1)·S − P₀ − P₁ + E + outputPadding. */
export type Spread<
  Name extends string,
  H extends number,
  F extends number,
  S extends number,
  P,
  D extends number,
  More extends number,
> = P extends [infer Before extends number, infer After extends number]
  ? number extends H | F | S | Before | After | D | More
    ? number
    : Subtract<
          Subtract<Add<Add<Multiply<Subtract<H, 1>, S>, Extent<F, D>>, More>, Before>,
          After
        > extends infer N extends number
      ? `${N}` extends "0" | `-${string}`
        ? `${Name} = (${H} − 1)·${S} − ${Before} − ${After} + ${Extent<F, D>} + ${More} = ${N} is below 1`
        : N
      : never
  : number;
