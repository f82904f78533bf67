/** Values brought to mean 0 and deviation 1, group by group, and how far off that may be. */
import { sumUlps, type Meaning } from "./meaning.ts";
import type { Value } from "./value.ts";

/**
 * `groups` are lists of positions; gamma and beta are asked for by position.
 *
 * The bound follows the definition in two passes. With u-units: the mean is off by e_m = ulps(n)·mean|x|, a difference by
 * e_d = e_m + 2(|x| + |m|), the variance by mean(2|d|·e_d) + ulps(n)·var, its root by half of that over var + ε. So
 * E[x²] − E[x]², which cancels where the mean is large, does not pass.
 */
export function normalised(
  x: Value,
  groups: readonly (readonly number[])[],
  epsilon: number,
  gamma: (position: number) => number,
  beta: (position: number) => number,
): Meaning {
  const values = new Float64Array(x.data.length);
  const error = new Float64Array(x.data.length);
  for (const group of groups) {
    const n = group.length;
    const average = (f: (at: number) => number): number => group.reduce((sum, at) => sum + f(at), 0) / n;
    const mean = average((at) => x.data[at]!);
    const meanError = (sumUlps(n) + 5) * average((at) => Math.abs(x.data[at]!));
    const off = (at: number): number => meanError + 2 * (Math.abs(x.data[at]!) + Math.abs(mean));
    const variance = average((at) => (x.data[at]! - mean) ** 2);
    const varianceError = average((at) => 2 * Math.abs(x.data[at]! - mean) * off(at)) + (sumUlps(n) + 7) * variance;
    const r = 1 / Math.sqrt(variance + epsilon);
    const rError = varianceError / (2 * (variance + epsilon)) + 12;
    for (const at of group) {
      const d = x.data[at]! - mean;
      const scale = Math.abs(gamma(at)) * r;
      values[at] = d * r * gamma(at) + beta(at);
      error[at] = scale * (off(at) + Math.abs(d) * (rError + 4)) + 2 * Math.abs(beta(at)) + 2 * Math.abs(values[at]);
    }
  }
  return { shape: x.shape, dtype: x.dtype, values, error };
}
