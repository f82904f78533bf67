/** Of samples. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low]! + (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!) * (place - low);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Half the distance of the quartiles, as a share of the median. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}

/** The median of theirs / ours, round by round, over the rounds that both took part in. */
export function ratio(theirs: readonly number[], ours: readonly number[]): number {
  const rounds = Math.min(theirs.length, ours.length);
  return median(Array.from({ length: rounds }, (_, r) => theirs[r]! / ours[r]!));
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * The answer on which most agree: each is a vote of `kin` (several systems may be one program), and the first wins where as many
 * agree on another. → its place.
 */
export function consensus(
  answers: readonly { readonly kin: string; readonly values: Float32Array }[],
  within: number,
): number {
  let [best, most] = [0, 0];
  answers.forEach(({ values }, place) => {
    const agreeing = answers.filter((other) => difference(values, other.values) <= within);
    const votes = new Set(agreeing.map(({ kin }) => kin)).size;
    if (votes > most) [best, most] = [place, votes];
  });
  return best;
}

/** Largest difference as a share of the largest value; infinite where the lengths differ, NaN where a difference is. */
export function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  let scale = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(d)) return Number.NaN;
    most = Math.max(most, d);
    scale = Math.max(scale, Math.abs(a[i]!));
  }
  return scale === 0 ? most : most / scale;
}
