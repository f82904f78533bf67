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

/** What an argument must be besides: anything, or (where R is a text) what it is not. */
export type Fits<R> = [R] extends [never] ? unknown : [R] extends [string] ? ShapeError<R> : unknown;

/** The result's type; a plain `Tensor` after an error, so that one mistake is one message. */
export type Made<R> = R extends Shape ? Tensor<R> : Tensor;

/** Is nothing known of this shape, not even its rank? */
export type IsPlain<S extends Shape> = number extends S["length"] ? true : false;

/** `[2, 3]`, as error texts show a shape. */
export type Show<S extends Shape> = `[${Listed<S>}]`;

type Listed<S extends Shape> = S extends readonly [infer N extends number, ...infer Rest extends Shape]
  ? Rest extends readonly []
    ? `${N}`
    : `${N}, ${Listed<Rest>}`
  : "";
