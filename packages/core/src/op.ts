/**
 * What an op is: a record. A *primitive* has a name, a shape rule and a gradient; a *composite* has a name and an
 * expansion into smaller ops. The engine reads these records and names no op.
 */
import type { DType, TypedArray } from "./dtype.ts";
import type { Perm, Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Shape and element type. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Gradients by input; `undefined` where none flows. */
export type Gradients = readonly (Tensor | undefined)[];

/** A tensor whose attributes are known: what an op's own functions are given. */
export type Node<A> = Tensor & { readonly attrs: A };

/** Both of the output's rank. */
export interface Affine {
  readonly scale?: Tensor;
  readonly shift?: Tensor;
}

interface Common<A> {
  /** The op's name = its function's name = its file's name. */
  readonly name: string;
  /** y as a function of operand `operand`, x: y = x · scale + shift. What is left out is 1, or 0; undefined: it is none. */
  affine?(y: Node<A>, operand: number): Affine | undefined;
  /**
   * How the op commutes with a transposition: op(x₀ turned, x₁ turned, …; these attrs) = op(x₀, x₁, …) turned.
   * Operands of the output's rank are turned; one of another rank (batch norm's vectors) stays. Absent: the op's layout is fixed.
   */
  turn?(perm: Perm, attrs: A): A;
  /** Operand `operand` arrives turned by `perm`: the attrs that say so, or undefined when attrs cannot. */
  reads?(operand: number, perm: Perm, attrs: A): A | undefined;
}

export interface Primitive<A> extends Common<A> {
  readonly kind: "primitive";
  /** What stands at the edge of a graph, is computed by no kernel, and equals only itself. */
  readonly leaf?: "input" | "constant" | "state";
  /** Validates and gives the output. Runs once, where the node is made; kernels check nothing. */
  infer(inputs: readonly Spec[], attrs: A): Spec;
  /** Gradients of the inputs for a gradient `dy` of the output. Absent: not differentiable (gradient 0 is said with undefined). */
  grad?(y: Node<A>, dy: Tensor): Gradients;
  /** The dozen cheap ops, so that constants fold without a backend. */
  value?(inputs: readonly TypedArray[], attrs: A, output: Spec, specs: readonly Spec[]): TypedArray;
  /** The output is the input's values in the same order (reshape, detach): may keep its input's address. */
  readonly alias?: true;
  /** Output element i depends on the inputs' elements i (broadcast) alone: may join a chain (`map`). */
  readonly pointwise?: true;
  /** The input's elements, along axes of size 1 again and again (broadcast): a pointwise op can read the input instead. */
  readonly repeats?: true;
  /** y is operand `operand` itself when the other is this number: x + 0, x · 1. */
  neutral?(attrs: A, operand: number): number | undefined;
  /** Moves elements by `perm` alone (transpose). */
  perm?(attrs: A): Perm;
  /** conv, matmul: y · s for a scale `s` by output channel, said in the op's own operands, so that batch norm folds without naming them. */
  scaled?(y: Node<A>, s: Tensor): Tensor | undefined;
}

/** What only primitives answer. */
type Unasked = {
  readonly [K in Exclude<keyof Primitive<unknown>, keyof Common<unknown> | "kind" | "grad">]?: undefined;
};

export interface Composite<A> extends Common<A>, Unasked {
  readonly kind: "composite";
  /** The meaning, in smaller ops (composites among them) and in inner layout: no image wrapper inside, so a decline after fold may be opened. */
  expand(inputs: readonly Tensor[], attrs: A): Tensor;
  /**
   * Recognises the sentence in a graph written in smaller ops: expand(match(y)) = y. `inside` are the nodes it swallows,
   * y excepted. `alone` says whether a node is read by one node only (default: all are): where a sentence can be read in two
   * ways (a sum of two convolutions), it helps to choose one whose inside nobody else reads.
   */
  match?(y: Tensor, alone?: Alone): Match<A> | undefined;
  /** Keeps the composite whole in training; absent: the expansion's gradient. */
  grad?(y: Node<A>, dy: Tensor): Gradients;
}

/** Is this node read by one node only, and no output of the program? */
export type Alone = (inner: Tensor) => boolean;

export interface Match<A> {
  readonly inputs: readonly Tensor[];
  readonly attrs: A;
  readonly inside: readonly Tensor[];
}

export type Op<A> = Primitive<A> | Composite<A>;

/** An op whose attributes are not known to the reader: the engine's view. Attributes are plain JSON data. */
// oxlint-disable-next-line typescript/no-explicit-any -- attrs are contravariant in grad and covariant in reads: only `any` holds every op
export type AnyOp = Op<any>;
