/**
 * Numbers as digits and back. Sums are written from the last digit on, so a number is held as the text of its digits with
 * the lowest first: 320 is "023". Text costs the checker less than tuples of digits, and far less than tuples as long as
 * the number.
 */
export type Reversed<T extends string, R extends string = ""> = T extends `${infer Head}${infer Tail}`
  ? Reversed<Tail, `${Head}${R}`>
  : R;

/** A whole number ≥ 0 as digits, the lowest first. */
export type Digits<N extends number> = Reversed<`${N}`>;

type WithoutZeros<T extends string> = T extends `0${infer Tail}` ? (Tail extends "" ? "0" : WithoutZeros<Tail>) : T;

/** Digits, the highest first, zeros in front allowed, as a number. */
export type NumberOf<T extends string> = WithoutZeros<T> extends `${infer N extends number}` ? N : number;

/** Digits, the lowest first, as a number. */
export type FromDigits<T extends string> = NumberOf<Reversed<T>>;

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

/**
 * A size as arithmetic takes it: one literal whole number ≥ 0, or `number` for all that is not known for certain (a
 * union, a fraction, a negative number). All that depends on a `number` becomes `number`, and is never an error.
 */
export type Dim<N> = [N] extends [number]
  ? [number] extends [N]
    ? number
    : IsUnion<N> extends false
      ? `${N}` extends `${string}${"-" | "." | "e"}${string}`
        ? number
        : N
      : number
  : number;
