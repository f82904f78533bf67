/** The rules of the layers that `@tatamijs/nn` has. */
import type { Shape } from "../shape.ts";
import type { Conv1d, Conv2d, ConvTranspose2d } from "./convolution.ts";
import type { Dim } from "./digits.ts";
import type { Divide } from "./divide.ts";
import type { Linear } from "./matmul.ts";
import type { Flatten } from "./movement.ts";
import type { Along } from "./options.ts";
import type { Pool2d } from "./pool.ts";
import type { IsPlain, Show } from "./result.ts";
import type { Given, Rule } from "./rule.ts";

/** The shape goes through: activations, dropout, normalisations by themselves. */
export interface Same extends Rule {
  readonly y: Given<this["x"]>;
}

type Depth<C extends number, G extends number> = Divide<Dim<C>, Dim<G>>[0];

export interface Conv2dRule<C extends number, FN extends number, K, S, P, D, R, G extends number> extends Rule {
  readonly y: Conv2d<Given<this["x"]>, readonly [FN, Depth<C, G>, Along<K, 0>, Along<K, 1>], S, P, D, R, G>;
  readonly takes?: readonly [number, C, number, number];
}

export interface Conv1dRule<
  C extends number,
  FN extends number,
  K extends number,
  S,
  P,
  D,
  R,
  G extends number,
> extends Rule {
  readonly y: Conv1d<Given<this["x"]>, readonly [FN, Depth<C, G>, K], S, P, D, R, G>;
  readonly takes?: readonly [number, C, number];
}

export interface ConvTranspose2dRule<
  C extends number,
  FN extends number,
  K,
  S,
  P,
  D,
  M,
  G extends number,
> extends Rule {
  readonly y: ConvTranspose2d<Given<this["x"]>, readonly [C, Depth<FN, G>, Along<K, 0>, Along<K, 1>], S, P, D, M, G>;
  readonly takes?: readonly [number, C, number, number];
}

export interface Pool2dRule<K, S, P, D, R, Op extends string> extends Rule {
  readonly y: Pool2d<Given<this["x"]>, K, S, P, D, R, Op>;
}

export interface LinearRule<I extends number, O extends number> extends Rule {
  readonly y: Linear<Given<this["x"]>, readonly [O, I]>;
}

export interface FlattenRule<A extends number> extends Rule {
  readonly y: Flatten<Given<this["x"]>, A, -1>;
}

/** A map of any size becomes one of size O. */
export interface AdaptivePoolRule<O> extends Rule {
  readonly y: Given<this["x"]> extends readonly [...infer B extends Shape, number, number]
    ? readonly [...B, Along<O, 0>, Along<O, 1>]
    : Shape;
}

/** Normalises C channels, which stand on axis 1. */
export interface NormRule<C extends number, Name extends string> extends Rule {
  readonly y: Given<this["x"]> extends infer X extends Shape
    ? IsPlain<X> extends true
      ? X
      : X extends readonly [unknown, infer N extends number, ...unknown[]]
        ? number extends Dim<N> | Dim<C>
          ? X
          : N extends C
            ? X
            : `nn.${Name}: x ${Show<X>} has ${N} channels, the layer normalises ${C}`
        : X
    : never;
}
