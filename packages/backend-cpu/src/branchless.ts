/**
 * Choices without a branch. Signs and orders of activations are random, and a mispredicted branch costs as much as the
 * twenty instructions around it; V8 compiles `Math.max` of doubles to branches, but a comparison `| 0` to none.
 */

/** max(x, 0), and NaN of NaN. The one branch is never taken in earnest: ∞ − ∞ would be NaN. */
export function positive(x: number): number {
  return x === -Infinity ? 0 : (x + Math.abs(x)) * 0.5;
}

/** Index of a window's largest element: the first of equals, the first NaN if there is one. */
export function largestOf(
  x: Float32Array,
  at: number,
  rows: number,
  down: number,
  columns: number,
  right: number,
): number {
  let best = at;
  for (let i = 0; i < rows; i++) {
    let k = (at + i * down) | 0;
    for (let j = 0; j < columns; j++) {
      const v = x[k]!;
      const most = x[best]!;
      const taken = +(v > most) | (+(v !== v) & +(most === most));
      best = (best + ((k - best) & -taken)) | 0;
      k = (k + right) | 0;
    }
  }
  return best;
}
