/** Sum and difference, digit by digit from the lowest, as on paper. */
import type { Digits, FromDigits } from "./digits.ts";
import type { Carry, Differences, Digit, Next, Sums } from "./tables.ts";

/** On digits, the lowest first. */
export type AddDigits<
  A extends string,
  B extends string,
  C extends Carry = "0",
> = A extends `${infer X extends Digit}${infer As}`
  ? B extends `${infer Y extends Digit}${infer Bs}`
    ? Sums[C extends "1" ? Next[X] : X][Y] extends `${infer D}${infer Up extends Carry}`
      ? `${D}${AddDigits<As, Bs, Up>}`
      : never
    : C extends "1"
      ? AddDigits<A, "1">
      : A
  : C extends "1"
    ? AddDigits<B, "1">
    : B;

/** On digits, the lowest first; `"negative"` where B is larger. The result may end in zeros. */
export type SubtractDigits<
  A extends string,
  B extends string,
  C extends Carry = "0",
> = A extends `${infer X extends Digit}${infer As}`
  ? B extends `${infer Y extends Digit}${infer Bs}`
    ? Differences[C extends "1" ? Next[Y] : Y][X] extends `${infer D}${infer Up extends Carry}`
      ? Put<D, SubtractDigits<As, Bs, Up>>
      : never
    : C extends "1"
      ? SubtractDigits<A, "1">
      : A
  : B extends ""
    ? C extends "1"
      ? "negative"
      : ""
    : "negative";

type Put<D extends string, Rest extends string> = Rest extends "negative" ? "negative" : `${D}${Rest}`;

/** A + B. */
export type Add<A extends number, B extends number> = number extends A | B
  ? number
  : B extends 0
    ? A
    : FromDigits<AddDigits<Digits<A>, Digits<B>>>;

/** A − B, which may be negative. */
export type Subtract<A extends number, B extends number> = number extends A | B
  ? number
  : B extends 0
    ? A
    : SubtractDigits<Digits<A>, Digits<B>> extends infer D extends string
      ? D extends "negative"
        ? `-${Subtract<B, A>}` extends `${infer N extends number}`
          ? N
          : number
        : FromDigits<D>
      : never;

export type IsNegative<N extends number> = `${N}` extends `-${string}` ? true : false;

/** Is A < B? `boolean` where one is not known. */
export type Less<A extends number, B extends number> = number extends A | B
  ? boolean
  : SubtractDigits<Digits<A>, Digits<B>> extends "negative"
    ? true
    : false;
