/** What the normalisations and dense layers share: vectors of one number per channel, and one float type for all. */
import { promote, type DType } from "../dtype.ts";
import { TatamiError, wrongArgument } from "../errors.ts";
import { checkTensor, toDType, toFloat } from "../operand.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { broadcast } from "./broadcast.ts";
import { constant } from "./leaf.ts";
import { reshape } from "./reshape.ts";

/** [C] as [1, …, C, …, 1]. */
export function alongAxis(v: Tensor, rank: number, axis: number): Tensor {
  return reshape(
    v,
    Array.from({ length: rank }, (_, i) => (i === axis ? v.shape[0]! : 1)),
  );
}

/** A vector of `channels` numbers, or `fill` where it is left out. @throws TatamiError `shape`. */
export function channelVector(
  v: unknown,
  channels: number,
  fill: number,
  dtype: DType,
  op: string,
  name: string,
): Tensor {
  if (v === undefined) return broadcast(constant([fill], [1], dtype), [channels]);
  const given = checkTensor(v, op, name);
  if (given.shape.length === 1 && given.shape[0] === channels) return given;
  throw new TatamiError("shape", `${name} is ${showShape(given.shape)}, wanted [${channels}]: one number per channel`, {
    op,
    details: { given: given.shape, channels },
  });
}

/** @throws TatamiError `argument`. */
export function checkEpsilon(value: unknown, op: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw wrongArgument(op, "epsilon", value, "a finite number ≥ 0, such as 1e-5");
}

/** All operands in the float type that they meet in. */
export function meetFloats(operands: readonly Tensor[]): Tensor[] {
  const floats = operands.map(toFloat);
  const dtype = floats.reduce<DType>((all, t) => promote(all, t.dtype), floats[0]!.dtype);
  return floats.map((t) => toDType(t, dtype));
}
