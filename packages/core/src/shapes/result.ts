/**
 * What a rule on shapes gives: a shape, or a text that says what is wrong. And how a signature shows it: the argument is
 * asked to be a `ShapeError` too, which it is not, so that the text stands in the editor where the call is.
 *
 *     function relu6<const X extends Shape>(x: Tensor<X> & Fits<Rule<X>>): Made<Rule<X>>
 */
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** No value has this type. Its parameter is the message. */
export interface ShapeError<Text extends string> {
  readonly "shapes do not fit": Text;
}

/**
 * What an argument must be besides: anything, or (where R is a text) what it is not. R is named anew, so that it stands in no branch:
 * from what a layer is wanted to be (`const a: Layer = nn.conv2d(…)`) the checker infers into the branches of a condition that
 * is still open, and TypeScript 6 into theirs, all the way down, until it gives up (TS2589).
 */
export type Fits<R> = [R] extends [infer Y]
  ? [Y] extends [never]
    ? unknown
    : [Y] extends [string]
      ? ShapeError<Y>
      : unknown
  : never;

/**
 * The result's type; a plain `Tensor` after an error, so that one mistake is one message. R is named anew on the way:
 * else the checker would take what the result is wanted to be for the value of an option that was left out.
 */
export type Made<R> = R extends infer Y ? (Y extends Shape ? Tensor<Y> : Tensor) : Tensor;

/**
 * Is nothing known of this shape, not even its rank? In brackets, so that inside a function with a type parameter S, too,
 * the checker finds that nothing speaks against an argument.
 */
export type IsPlain<S extends Shape> = [number] extends [S["length"]] ? true : false;

/** `[2, 3]`, as error texts show a shape; a size that is not known is `number`. */
export type Show<S extends Shape> = `[${Listed<S>}]`;

type Listed<S extends Shape> = S extends readonly [infer N extends number, ...infer Rest extends Shape]
  ? Rest extends readonly []
    ? Size<N>
    : `${Size<N>}, ${Listed<Rest>}`
  : "";

type Size<N extends number> = number extends N ? "number" : `${N}`;
