/** Numbers of a tensor, for tests: on the CPU backend, states at their first values. */
import { cpu } from "@tatamijs/backend-cpu";
import { evaluate } from "@tatamijs/engine";
import { TatamiError, type Tensor } from "@tatamijs/core";
import { expect } from "vitest";

export async function numbers(y: Tensor): Promise<number[]> {
  return Array.from((await evaluate(y, { backend: cpu() })).data);
}

/** The first values of a seedless, irregular sequence between −1 and 1. */
export function wave(count: number, phase: number = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + phase));
}

export function close(actual: readonly number[], wanted: ArrayLike<number>, within: number = 1e-5): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, i) =>
    expect(Math.abs(value - wanted[i]!), `element ${i}: ${value}, wanted ${wanted[i]}`).toBeLessThanOrEqual(within),
  );
}

/** The error that `f` throws. */
export function thrown(f: () => unknown): TatamiError {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(TatamiError);
    return error as TatamiError;
  }
  throw new Error("nothing was thrown");
}
