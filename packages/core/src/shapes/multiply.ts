/** Products: a row for each digit of B, each shifted by one, as on paper. */
import type { AddDigits } from "./add.ts";
import type { Digits, FromDigits } from "./digits.ts";
import type { Digit, Next, Products, Sums } from "./tables.ts";

/** A·Y + carry, Y one digit. No carry exceeds 8, so that the next one is a digit too. */
type Row<A extends string, Y extends Digit, C extends Digit = "0"> = A extends `${infer X extends Digit}${infer As}`
  ? Products[X][Y] extends `${infer Low extends Digit}${infer High extends Digit}`
    ? Sums[Low][C] extends `${infer D}${infer Up}`
      ? `${D}${Row<As, Y, Up extends "1" ? OneMore<High> : High>}`
      : never
    : never
  : C extends "0"
    ? ""
    : C;

type OneMore<D extends Digit> = Next[D] extends infer N extends Digit ? N : never;

type MultiplyDigits<A extends string, B extends string> = B extends `${infer Y extends Digit}${infer Bs}`
  ? Bs extends ""
    ? Row<A, Y>
    : AddDigits<Row<A, Y>, `0${MultiplyDigits<A, Bs>}`>
  : "";

/** A·B. */
export type Multiply<A extends number, B extends number> = A extends 0
  ? 0
  : B extends 0
    ? 0
    : number extends A | B
      ? number
      : B extends 1
        ? A
        : A extends 1
          ? B
          : FromDigits<MultiplyDigits<Digits<A>, Digits<B>>>;

/** The product of all sizes; 1 of none. */
export type Product<S extends readonly unknown[], All extends number = 1> = S extends readonly [
  infer N extends number,
  ...infer Rest,
]
  ? Product<Rest, Multiply<All, N>>
  : S extends readonly []
    ? All
    : number;
