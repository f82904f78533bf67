/** For ops that only move elements: one way to write their meaning, and the operands that show a lost bit. */
import type { DType } from "@tatamijs/core";
import { as, given, integers, uniform } from "./fill.ts";
import type { Meaning, Operand } from "./meaning.ts";
import type { Rng } from "./rng.ts";
import { count, walk, type Value } from "./value.ts";

/** Each output element is the input element at the position that `source` gives, or `otherwise`. */
export function moved(
  x: Value,
  shape: readonly number[],
  source: (index: readonly number[]) => number | undefined,
  otherwise = 0,
): Meaning {
  const values = new Float64Array(count(shape));
  walk(shape, (index, i) => {
    const at = source(index);
    values[i] = at === undefined ? otherwise : x.data[at]!;
  });
  return { shape, dtype: x.dtype, values, moves: true };
}

/** The same shape in every dtype. */
export const everyDType = (shape: readonly number[]): Operand[] =>
  (["f16", "i32", "u8", "bool"] as const).map((dtype) => as(integers(shape, 0, dtype === "bool" ? 1 : 120), dtype));

/** NaN, both infinities and both zeros among numbers. */
export const peculiar = (shape: readonly number[]): Operand =>
  given(shape, [1, NaN, -0, 2, Infinity, 0, -Infinity, 3, -4, 5.5, -0]);

export const anyShape = (from: Rng, least = 1, most = 8): number[] =>
  Array.from({ length: from.whole(1, 4) }, () => from.whole(least, most));

export function anyOperand(from: Rng, shape: readonly number[]): Operand {
  const dtype: DType = from.pick(["f32", "f32", "f32", "i32", "u8", "bool"]);
  return dtype === "f32" ? uniform(shape) : as(integers(shape, 0, dtype === "bool" ? 1 : 100), dtype);
}
