/** Numbers about times and about differences. */

/** By linear interpolation between the two nearest. `values`: at least one; `at` from 0 to 1. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low]! + (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!) * (place - low);
}

export interface Difference {
  /** The largest of |a − b|; NaN where one of them is NaN and the other is not. */
  readonly most: number;
  /** Of the largest |b|. */
  readonly share: number;
}

/** How far `a` is from `b`, which is of the same length. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): Difference {
  let [most, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const off = Math.abs(a[i]! - b[i]!);
    if (!(off <= most)) most = off;
    if (Number.isNaN(most)) break;
  }
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(b[i]!));
  return { most, share: largest === 0 ? most : most / largest };
}

/** Milliseconds between two ticks of this thread's clock: browsers make it coarse where a page is not isolated. */
export function tickOf(now: () => number = () => performance.now()): number {
  let least = Infinity;
  for (let k = 0; k < 5; k++) {
    const begin = now();
    let next = now();
    while (next === begin) next = now();
    least = Math.min(least, next - begin);
  }
  return least;
}
