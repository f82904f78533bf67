/**
 * Which drawn digits are for what. Training, choosing and testing draw from different seeds, and what is tested on
 * `heldOutStyles` was never trained on in any drawing.
 */
import { drawnDigits } from "./drawn.ts";
import type { DrawnDigits } from "./drawn.ts";
import { heldOutStyles, trainedStyles } from "./strokes/styles.ts";

/** Pictures and what they show: `images` count × 28 × 28 bytes, `labels` count. */
export interface Pictures {
  readonly count: number;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

const TRAINING = 1;
const TESTING = 2;

/** What training sees beside MNIST: 75 drawings of each digit in each style that may be trained on. */
export function drawnForTraining(count: number = 75 * 10 * trainedStyles.length): DrawnDigits {
  return drawnDigits({ count, seed: TRAINING, styles: trainedStyles });
}

/** Styles that were never trained on: 200 drawings of each digit in each. */
export function drawnHeldOut(count: number = 200 * 10 * heldOutStyles.length): DrawnDigits {
  return drawnDigits({ count, seed: TESTING, styles: heldOutStyles });
}

/** New drawings in the styles that were trained on: 15 of each digit in each. */
export function drawnAnew(count: number = 15 * 10 * trainedStyles.length): DrawnDigits {
  return drawnDigits({ count, seed: TESTING, styles: trainedStyles });
}

/** Pictures `first` to `end` − 1, without copying. */
export function between({ images, labels }: Pictures, first: number, end: number): Pictures {
  const size = images.length / labels.length;
  return { count: end - first, images: images.subarray(first * size, end * size), labels: labels.subarray(first, end) };
}

/** All pictures of `sets`, one set after the other. */
export function together(...sets: readonly Pictures[]): Pictures {
  return {
    count: sets.reduce((sum, { count }) => sum + count, 0),
    images: joined(sets.map(({ images }) => images)),
    labels: joined(sets.map(({ labels }) => labels)),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
