/** Reading a graph as a sentence: the small questions that `match` of the composites asks. */
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { binaryOp, type BinaryAttrs, type BinaryFn } from "./binary.ts";
import { reduceOp, type ReduceAttrs, type ReduceFn } from "./reduce.ts";
import { unaryOp, type UnaryAttrs, type UnaryFn } from "./unary.ts";

/** x where y = fn(x). */
export function unaryOperand(y: Tensor, fn: UnaryFn): Tensor | undefined {
  return y.op === unaryOp && (y.attrs as UnaryAttrs).fn === fn ? y.inputs[0] : undefined;
}

/** [a, b] where y = fn(a, b). */
export function operandsOf(y: Tensor, fn: BinaryFn): readonly [Tensor, Tensor] | undefined {
  return y.op === binaryOp && (y.attrs as BinaryAttrs).fn === fn
    ? (y.inputs as unknown as readonly [Tensor, Tensor])
    : undefined;
}

/** [a, b] and [b, a] where y = fn(a, b) = fn(b, a); nothing where y is another function. */
export function eitherWay(y: Tensor, fn: BinaryFn): readonly (readonly [Tensor, Tensor])[] {
  const pair = operandsOf(y, fn);
  return pair === undefined ? [] : [pair, [pair[1], pair[0]]];
}

/** x where y = fn(x) over `axes`, kept as 1. */
export function reducedFrom(y: Tensor, fn: ReduceFn): { x: Tensor; axes: readonly number[] } | undefined {
  const attrs = y.attrs as ReduceAttrs;
  return y.op === reduceOp && attrs.fn === fn ? { x: y.inputs[0]!, axes: attrs.axes } : undefined;
}

/** The number that a constant of one element holds, seen through reshapes and the like. */
export function scalarOf(y: Tensor): number | undefined {
  let at = y;
  while (at.op.alias === true && at.inputs[0] !== undefined) at = at.inputs[0];
  const leaf = at.op.leaf === "constant";
  return leaf && sizeOf(at.shape) === 1 ? at.data?.[0] : undefined;
}

/** Equal to a number as f32 or f16 holds it. */
export function isAbout(value: number | undefined, wanted: number): boolean {
  return value !== undefined && Math.abs(value - wanted) <= 1e-3 * Math.abs(wanted);
}
