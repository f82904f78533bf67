/** Long division: the digits of A from the highest come down one by one, and B is taken away as often as it fits. */
import type { SubtractDigits } from "./add.ts";
import type { Digits, FromDigits, NumberOf } from "./digits.ts";
import type { Digit, Next } from "./tables.ts";

/** How often B fits (at most 9 times), and what is left. */
type Take<R extends string, B extends string, Q extends Digit = "0"> =
  SubtractDigits<R, B> extends infer Left extends string
    ? Left extends "negative"
      ? [Q, R]
      : Next[Q] extends infer More extends Digit
        ? Take<Left, B, More>
        : never
    : never;

type Long<
  A extends string,
  B extends string,
  Q extends string = "",
  R extends string = "",
> = A extends `${infer D}${infer As}`
  ? Take<`${D}${R}`, B> extends [infer Times extends string, infer Left extends string]
    ? Long<As, B, `${Q}${Times}`, Left>
    : never
  : [NumberOf<Q>, FromDigits<R>];

/** [⌊A/B⌋, A mod B]; not known where B is 0. */
export type Divide<A extends number, B extends number> = number extends A | B
  ? [number, number]
  : B extends 1
    ? [A, 0]
    : B extends 0
      ? [number, number]
      : Long<`${A}`, Digits<B>>;
