/**
 * A chain of pointwise ops as one pass over memory: where most bytes of a training step move; and the same with its value
 * reduced as it is made, never written. Made by the engine, not by users; their meaning is the chain.
 */
import type { AnyOp, Composite } from "../op.ts";
import { node, type Tensor } from "../tensor.ts";
import { binaryOp, type BinaryAttrs } from "./binary.ts";
import { castOp, type CastAttrs } from "./cast.ts";
import { reduceOp, type ReduceAttrs } from "./reduce.ts";
import { selectOp, type SelectAttrs } from "./select.ts";
import { unaryOp, type UnaryAttrs } from "./unary.ts";

interface Chained<N extends string, A> {
  readonly op: N;
  readonly attrs: A;
  /** k < n is input k of n, n + j is step j. */
  readonly inputs: readonly number[];
}

export type MapStep =
  | Chained<"unary", UnaryAttrs>
  | Chained<"binary", BinaryAttrs>
  | Chained<"select", SelectAttrs>
  | Chained<"cast", CastAttrs>;

export interface MapAttrs {
  /** At least one; the last is the value. */
  readonly steps: readonly MapStep[];
}

/**
 * Inputs of one rank, sizes equal or 1. Steps that read small operands alone have small values: a kernel should work those
 * out once, not once per element, for the engine puts them into every chain that reads them.
 */
export const mapOp: Composite<MapAttrs> = {
  kind: "composite",
  name: "map",
  turn: (_, attrs) => attrs,
  expand(inputs, { steps }) {
    const values: Tensor[] = [...inputs];
    for (const { op, attrs, inputs: from } of steps) {
      const record: AnyOp = { unary: unaryOp, binary: binaryOp, select: selectOp, cast: castOp }[op];
      values.push(
        node(
          record,
          from.map((k) => values[k]!),
          attrs,
        ),
      );
    }
    return values.at(-1)!;
  },
};

/** The chain, then the reduction of its value. */
export interface MapReduceAttrs extends MapAttrs, ReduceAttrs {}

/** Inputs of one rank, sizes equal or 1 → the chain's shape with 1 along `axes`. Opened: `map`, then `reduce`. */
export const mapReduceOp: Composite<MapReduceAttrs> = {
  kind: "composite",
  name: "mapReduce",
  turn: (perm, { steps, ...reduction }) => ({ steps, ...reduceOp.turn!(perm, reduction) }),
  expand: (inputs, { steps, ...reduction }) => node(reduceOp, [node(mapOp, inputs, { steps })], reduction),
};
