/** Moves of elements that are not their values': reshape, flatten, transpose, concat. */
import type { Perm, Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Add, Less } from "./add.ts";
import type { Dim } from "./digits.ts";
import type { Divide } from "./divide.ts";
import type { Product } from "./multiply.ts";
import type { AxisOf, Cut, Dims, Unknown, With } from "./pick.ts";
import type { IsPlain, Show } from "./result.ts";

/** The place of the −1, worked out; `number` where it is not known. */
type Solved<T extends Shape, N> = { readonly [K in keyof T]: T[K] extends -1 ? N : T[K] };

/** Without the −1. */
type Rest<T extends Shape, Out extends Shape = readonly []> = T extends readonly [
  infer N extends number,
  ...infer Tail extends Shape,
]
  ? Rest<Tail, N extends -1 ? Out : readonly [...Out, Dim<N>]>
  : Out;

type Holes<T extends Shape> = Extract<T[number], -1> extends never ? false : number extends T[number] ? boolean : true;

/** X under T, one size of which may be −1. */
export type Reshape<X extends Shape, T extends Shape> =
  IsPlain<T> extends true
    ? T
    : IsPlain<X> extends true
      ? Solved<T, number>
      : number extends T[number]
        ? Solved<T, number>
        : Filled<X, T, Product<Dims<X>>, Product<Rest<T>>>;

type Filled<X extends Shape, T extends Shape, From extends number, To extends number> =
  Holes<T> extends false
    ? number extends From | To
      ? T
      : From extends To
        ? T
        : `reshape: ${Show<X>} has ${From} elements, ${Show<T>} has ${To}`
    : Divide<From, To> extends [infer N extends number, infer Left extends number]
      ? number extends Left
        ? Solved<T, number>
        : Left extends 0
          ? Solved<T, N>
          : `reshape: ${Show<X>} has ${From} elements, which ${Show<T>} cannot hold`
      : never;

/** Axes A to B, both included, as one. */
export type Flatten<X extends Shape, A, B> =
  IsPlain<X> extends true
    ? Shape
    : X extends readonly []
      ? readonly [1]
      : AxisOf<A, X["length"]> extends infer From
        ? AxisOf<B, X["length"]> extends infer To
          ? From extends "none"
            ? `flatten: start is ${A & number}, but the tensor has ${X["length"]} axes`
            : To extends "none"
              ? `flatten: end is ${B & number}, but the tensor has ${X["length"]} axes`
              : From extends number
                ? To extends number
                  ? number extends From | To
                    ? Shape
                    : Less<To, From> extends true
                      ? `flatten: start is axis ${From}, after end, axis ${To}`
                      : Joined<X, From, To>
                  : never
                : never
          : never
        : never;

type Joined<X extends Shape, From extends number, To extends number> =
  Cut<X, Add<To, 1>> extends [infer Front extends Shape, infer Tail extends Shape]
    ? Cut<Front, From> extends [infer Head extends Shape, infer Middle extends Shape]
      ? readonly [...Head, Product<Dims<Middle>>, ...Tail]
      : never
    : never;

type Turned<X extends Shape> = X extends readonly [infer First extends number, ...infer Rest extends Shape]
  ? readonly [...Turned<Rest>, First]
  : readonly [];

/** Axis i of the result is axis P[i] of X; all turned round where P is left out. */
export type Transpose<X extends Shape, P> =
  IsPlain<X> extends true
    ? Shape
    : [P] extends [undefined]
      ? Turned<X>
      : P extends Perm
        ? IsPlain<P> extends true
          ? Unknown<X>
          : P["length"] extends X["length"]
            ? number extends P[number]
              ? Unknown<X>
              : Named<P, X> extends infer Y
                ? Y extends Shape
                  ? Y
                  : NotPerm<P, X>
                : never
            : NotPerm<P, X>
        : Shape;

type NotPerm<
  P extends Perm,
  X extends Shape,
> = `transpose: perm is ${Show<P>}; give each of the ${X["length"]} axes once`;

/** Every axis is named: then, there being so many names as axes, each once. */
type Named<P extends Perm, X extends Shape> =
  Exclude<Indices<X>, Names<P, X>> extends never
    ? {
        readonly [K in keyof P]: `${AxisOf<P[K], X["length"]>}` extends infer A
          ? A extends keyof X
            ? X[A]
            : never
          : never;
      }
    : "incomplete";
type Indices<X extends Shape> = Extract<keyof X, `${number}`>;
type Names<P extends Perm, X extends Shape> = { [K in keyof P]: `${AxisOf<P[K], X["length"]>}` }[number];

/** One after the other along axis A. */
export type Concat<T extends readonly Shape[], A> = number extends T["length"]
  ? Shape
  : T extends readonly [infer First extends Shape, ...infer Rest extends readonly Shape[]]
    ? IsPlain<First> extends true
      ? Shape
      : AxisOf<A, First["length"]> extends infer At
        ? At extends "none"
          ? `concat: axis is ${A & number}, but the tensor has ${First["length"]} axes`
          : At extends number
            ? number extends At
              ? Unknown<First>
              : Chain<First, Rest, At>
            : never
        : never
    : Shape;

type Chain<S extends Shape, T extends readonly Shape[], A extends number> = T extends readonly [
  infer Next extends Shape,
  ...infer Rest extends readonly Shape[],
]
  ? IsPlain<Next> extends true
    ? Chain<With<S, A, number>, Rest, A>
    : Join<S, Next, A> extends infer R
      ? R extends Shape
        ? Chain<R, Rest, A>
        : `concat: ${Show<S>} and ${Show<Next>} differ beside axis ${A}`
      : never
  : S;

type Join<A extends Shape, B extends Shape, At extends number> = A["length"] extends B["length"]
  ? Agree<With<A, At, 0>, With<B, At, 0>> extends infer R
    ? R extends Shape
      ? With<R, At, Add<Dim<A[At]>, Dim<B[At]>>>
      : "differ"
    : never
  : "differ";

/** Equal sizes; where one is not known, the other. */
export type Agree<A extends Shape, B extends Shape, Out extends Shape = readonly []> = A extends readonly [
  infer X,
  ...infer As extends Shape,
]
  ? B extends readonly [infer Y, ...infer Bs extends Shape]
    ? number extends Dim<X>
      ? Agree<As, Bs, readonly [...Out, Dim<Y>]>
      : number extends Dim<Y>
        ? Agree<As, Bs, readonly [...Out, Dim<X>]>
        : X extends Y
          ? Agree<As, Bs, readonly [...Out, Dim<X>]>
          : "differ"
    : "differ"
  : B extends readonly []
    ? Out
    : "differ";

/** The shapes of a list of tensors. */
export type Shapes<T extends readonly Tensor[]> = { readonly [K in keyof T]: T[K]["shape"] };
