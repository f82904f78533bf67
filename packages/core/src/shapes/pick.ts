/** Axes of a shape: all of them as arithmetic takes them, one by its number, counted from either end. */
import type { Shape } from "../shape.ts";
import type { Subtract } from "./add.ts";
import type { Dim } from "./digits.ts";

export type Dims<S extends Shape> = { readonly [K in keyof S]: Dim<S[K]> };

/** `-1` of 4 axes is 3; `"none"` where there is no such axis; `number` where it is not known. */
export type AxisOf<A, Rank extends number> = [A] extends [number]
  ? number extends A
    ? number
    : `${A}` extends `-${infer N extends number}`
      ? Checked<Subtract<Rank, N>, Rank>
      : Checked<A, Rank>
  : number;

type Checked<N extends number, Rank extends number> = `${N}` extends `-${string}`
  ? "none"
  : `${Subtract<N, Rank>}` extends `-${string}`
    ? N
    : "none";

/** S with axis A of size N. */
export type With<S extends Shape, A extends number, N> = {
  readonly [K in keyof S]: K extends `${A}` ? N : S[K];
} extends infer R extends Shape
  ? R
  : Shape;

/** So many unknown sizes as S has. */
export type Unknown<S extends Shape> = { readonly [K in keyof S]: number };

/** The first so many axes, and the others. */
export type Cut<S extends Shape, N extends number, Head extends Shape = readonly []> = Head["length"] extends N
  ? [Head, S]
  : S extends readonly [infer First extends number, ...infer Rest extends Shape]
    ? Cut<Rest, N, readonly [...Head, First]>
    : [Head, S];
