/** For ops over the lines of a tensor along one axis: softmax and its kin. */
import { count, walk, position, type Value } from "./value.ts";

/** Calls back with the positions of each line along `axis`. */
export function eachLine(shape: readonly number[], axis: number, visit: (positions: readonly number[]) => void): void {
  if (count(shape) === 0) return;
  walk(shape.with(axis, 1), (index) =>
    visit(Array.from({ length: shape[axis]! }, (_, k) => position(shape, index.with(axis, k)))),
  );
}

export interface LogShares {
  /** x − max − log Σe^(x − max). */
  readonly logs: Float64Array;
  /** What each may be off by, in units. */
  readonly error: Float64Array;
  /** |xᵢ − max| + Σ pⱼ·|xⱼ − max|: what rounding the differences does to a share, relatively. */
  readonly condition: Float64Array;
}

/** Log softmax along an axis, and its condition. */
export function logShares(x: Value, axis: number, sumUlps: (n: number) => number): LogShares {
  const logs = new Float64Array(x.data.length);
  const error = new Float64Array(x.data.length);
  const condition = new Float64Array(x.data.length);
  eachLine(x.shape, axis, (line) => {
    const values = line.map((at) => x.data[at]!);
    const most = values.reduce((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.max(a, b)));
    const total = values.reduce((sum, v) => sum + Math.exp(v - most), 0);
    const finite = (v: number): number => (Number.isFinite(v) ? Math.abs(v) : 0);
    const drift = values.reduce((sum, v) => sum + finite(((v - most) * Math.exp(v - most)) / total), 0);
    line.forEach((at, k) => {
      const off = values[k]! - most;
      logs[at] = off - Math.log(total);
      condition[at] = finite(off) + drift;
      error[at] = finite(off) * 2 + drift + sumUlps(line.length) + 8 + 4 * Math.log(total) + finite(logs[at]) * 2;
    });
  });
  return { logs, error, condition };
}
