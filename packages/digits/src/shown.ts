/** Which digits are shown, and what stands under them. */
import { CLASSES } from "./network.ts";
import type { Reading } from "./reader.ts";
import type { Pictures } from "./sets.ts";

export interface Shown {
  readonly image: Uint8Array;
  /** `7   0.998`, and what it is where it was misread. */
  readonly caption: readonly string[];
}

/**
 * Six pictures: of different digits, as they come first, and the first that was misread, if any, since a reader that only
 * shows what it can do is not to be believed.
 */
export function shown(
  pictures: Pictures,
  reading: Pick<Reading, "digits" | "probabilities">,
  most = 6,
): readonly Shown[] {
  const { labels } = pictures;
  const wrong = labels.findIndex((label, i) => reading.digits[i] !== label);
  const seen = new Set<number>();
  const chosen: number[] = [];
  for (let i = 0; i < labels.length && chosen.length < (wrong < 0 ? most : most - 1); i++) {
    const label = labels[i] ?? -1;
    if (seen.has(label) || reading.digits[i] !== label) continue;
    seen.add(label);
    chosen.push(i);
  }
  if (wrong >= 0) chosen.push(wrong);
  return chosen.map((i) => {
    const size = pictures.images.length / labels.length;
    const digit = reading.digits[i] ?? 0;
    const line = `${digit}   ${(reading.probabilities[i * CLASSES + digit] ?? Number.NaN).toFixed(3)}`;
    const caption = digit === labels[i] ? [line] : [line, `(is ${labels[i]})`];
    return { image: pictures.images.subarray(i * size, (i + 1) * size), caption };
  });
}
