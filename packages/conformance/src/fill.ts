/** From an operand as data to its numbers. The seed is the case's id and the operand's place. */
import type { Fill, Operand } from "./meaning.ts";
import { rng, seedOf } from "./rng.ts";
import { count, toDType, value, type Value } from "./value.ts";

export function materialise(operand: Operand, id: string, place: number): Value {
  const { shape, dtype, fill, at = [] } = operand;
  const data = numbers(fill, count(shape), seedOf(`${id}#${place}`)).map((x) => toDType(dtype, x));
  for (const [position, x] of at) data[position] = toDType(dtype, x);
  return value(shape, dtype, data);
}

function numbers(fill: Fill, n: number, seed: number): number[] {
  const from = rng(seed);
  switch (fill.kind) {
    case "values":
      return Array.from({ length: n }, (_, i) => fill.values[i % fill.values.length]!);
    case "integers":
      return Array.from({ length: n }, () => from.whole(fill.low, fill.high));
    case "uniform":
      return Array.from({ length: n }, () => fill.low + (fill.high - fill.low) * from.next());
    case "distinct": {
      const grid = Array.from({ length: n }, (_, i) => (i + 0.5 - n / 2 + (n % 2) / 2) / 64);
      for (let i = n - 1; i > 0; i--) {
        const j = from.whole(0, i);
        [grid[i], grid[j]] = [grid[j]!, grid[i]!];
      }
      return grid;
    }
  }
}

export const integers = (shape: readonly number[], low = -4, high = 4): Operand => ({
  shape,
  dtype: "f32",
  fill: { kind: "integers", low, high },
});
export const uniform = (shape: readonly number[], low = -1, high = 1): Operand => ({
  shape,
  dtype: "f32",
  fill: { kind: "uniform", low, high },
});
export const distinct = (shape: readonly number[]): Operand => ({ shape, dtype: "f32", fill: { kind: "distinct" } });
export const given = (
  shape: readonly number[],
  values: readonly number[],
  dtype: Operand["dtype"] = "f32",
): Operand => ({
  shape,
  dtype,
  fill: { kind: "values", values },
});
/** The operand in another dtype. */
export const as = (operand: Operand, dtype: Operand["dtype"]): Operand => ({ ...operand, dtype });
/** The operand with some numbers put over it. */
export const put = (operand: Operand, ...at: readonly (readonly [number, number])[]): Operand => ({ ...operand, at });
/** The sizes on both sides of the tiles that kernels are cut into. */
export const straddling: readonly number[] = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17];
