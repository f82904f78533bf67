/**
 * A layer's way from input shape to output shape, kept in its type. TypeScript has no functions on types that one could
 * hand over; an interface that reads its own member does as one: `x` goes in by an intersection, `y` is read.
 *
 *     interface Doubled extends Rule { readonly y: Doubles<Given<this["x"]>> }      Apply<Doubled, readonly [2, 3]>
 */
import type { Shape } from "../shape.ts";
import type { Agree } from "./movement.ts";
import type { IsPlain, ShapeError, Show } from "./result.ts";

export interface Rule {
  /** The shape that is given. */
  readonly x: unknown;
  /** The shape that comes of it, or the text of what is wrong. */
  readonly y: unknown;
  /** What is known of the input where nothing is: a convolution's channels. */
  readonly takes?: Shape;
}

export type Given<X> = X extends Shape ? X : Shape;

export type Apply<R, X extends Shape> = R extends Rule ? (R & { readonly x: X })["y"] : Shape;

/** Carries a rule in the type of a layer; there is no such member when the program runs. */
export interface Ruled<R extends Rule> {
  readonly rule?: R;
}

/** Nothing, where a layer says nothing. */
type RuleOf<L> = L extends Ruled<infer R> ? (Rule extends R ? undefined : R) : undefined;

type Known<R, X extends Shape> =
  IsPlain<X> extends true ? (R extends { readonly takes?: infer T } ? (T extends Shape ? T : X) : X) : X;

/** The layers L one after the other. An error is led in by the layer's place. */
export type Fold<
  L extends readonly unknown[],
  X extends Shape,
  At extends readonly unknown[] = [],
> = L extends readonly [infer First, ...infer Rest]
  ? Apply<RuleOf<First>, Known<RuleOf<First>, X>> extends infer Y
    ? Y extends string
      ? `sequential: layer ${At["length"]}, ${Y}`
      : Fold<Rest, Given<Y>, [...At, unknown]>
    : never
  : number extends L["length"]
    ? Shape
    : X;

export interface Sequence<L extends readonly unknown[]> extends Rule {
  readonly y: Fold<L, Given<this["x"]>>;
  readonly takes?: L extends readonly [infer First, ...unknown[]] ? TakesOf<RuleOf<First>> : never;
}

type TakesOf<R> = R extends { readonly takes?: infer T extends Shape } ? T : never;

/**
 * What layer K of L must be besides: what is wrong for every input is wrong where the layers are put together.
 * That is channels alone: a layer may be given a batch or one example, so how many axes there are is not yet known.
 */
export type Placed<L extends readonly unknown[], K> =
  Fold<L, Shape> extends infer Y
    ? Y extends `sequential: layer ${K & string}, ${string} channels, the ${string}`
      ? ShapeError<Y>
      : unknown
    : never;

/** body(x) + shortcut(x); the shortcut is x itself where S is undefined. */
export interface Residual<B, S> extends Rule {
  readonly y: Sum<
    Apply<RuleOf<B>, Given<this["x"]>>,
    [S] extends [undefined] ? Given<this["x"]> : Apply<RuleOf<S>, Given<this["x"]>>
  >;
  readonly takes?: TakesOf<RuleOf<B>>;
}

type Sum<Y, Z> = Y extends string ? Y : Z extends string ? Z : Met<Given<Y>, Given<Z>>;
type Met<Y extends Shape, Z extends Shape> =
  IsPlain<Y> extends true
    ? Z
    : IsPlain<Z> extends true
      ? Y
      : Agree<Y, Z> extends infer S
        ? S extends Shape
          ? S
          : `nn.residual: the body gives ${Show<Y>}, the shortcut ${Show<Z>}`
        : never;
