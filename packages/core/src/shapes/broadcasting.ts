/** NumPy's broadcasting: aligned at the last axis, sizes must be equal or 1. */
import type { TensorLike } from "../operand.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Dim } from "./digits.ts";
import type { Fits, IsPlain, Made, Show } from "./result.ts";

/** One axis; never where the sizes cannot meet. */
type Meet<A, B> = A extends B
  ? A
  : number extends A
    ? B extends 1
      ? number
      : B
    : number extends B
      ? A extends 1
        ? number
        : A
      : A extends 1
        ? B
        : B extends 1
          ? A
          : never;

/** The shape; or, where two sizes do not meet, the two as a pair that (unlike a shape) may be written to. */
type Walk<A extends Shape, B extends Shape, Out extends Shape = readonly []> = A extends readonly [
  ...infer As extends Shape,
  infer X,
]
  ? B extends readonly [...infer Bs extends Shape, infer Y]
    ? [Meet<Dim<X>, Dim<Y>>] extends [never]
      ? [X, Y]
      : Walk<As, Bs, readonly [Meet<Dim<X>, Dim<Y>>, ...Out]>
    : readonly [...A, ...Out]
  : readonly [...B, ...Out];

export type Broadcast<A extends Shape, B extends Shape, Op extends string> =
  IsPlain<A> extends true
    ? Shape
    : IsPlain<B> extends true
      ? Shape
      : Walk<A, B> extends infer R
        ? R extends [infer X extends number, infer Y extends number]
          ? `${Op}: shapes ${Show<A>} and ${Show<B>} do not broadcast: ${X} against ${Y}`
          : R
        : never;

/** X to a shape that is wanted, which no axis may change. */
export type BroadcastTo<X extends Shape, T extends Shape> =
  Broadcast<X, T, "broadcast"> extends infer R
    ? R extends string
      ? `broadcast: ${Show<X>} does not broadcast to ${Show<T>}`
      : IsPlain<X> extends true
        ? T
        : R extends Shape
          ? R["length"] extends T["length"]
            ? Grows<R, T> extends true
              ? `broadcast: ${Show<X>} does not broadcast to ${Show<T>}`
              : T
            : `broadcast: ${Show<X>} does not broadcast to ${Show<T>}`
          : T
    : never;

/** Did an axis become larger than wanted? */
type Grows<R extends Shape, T extends Shape> = R extends readonly [infer X, ...infer Rs extends Shape]
  ? T extends readonly [infer Y, ...infer Ts extends Shape]
    ? number extends X | Y
      ? Grows<Rs, Ts>
      : X extends Y
        ? Grows<Rs, Ts>
        : true
    : false
  : false;

/** A number beside a tensor is a scalar. */
type ShapeOf<T> = T extends Tensor<infer S> ? S : readonly [];

/** A function of two operands, element by element. */
export type Broadcasting<Op extends string> = <A extends TensorLike, B extends TensorLike>(
  a: A & Fits<Broadcast<ShapeOf<A>, ShapeOf<B>, Op>>,
  b: B,
) => Made<Broadcast<ShapeOf<A>, ShapeOf<B>, Op>>;
