/**
 * Drawn digits: pictures like MNIST's, made from our own strokes and a seed. Not handwriting, and never called so: what
 * is measured on them is said to be measured on drawn digits.
 */
import { TatamiError, show } from "@tatamijs/core";
import { preprocess, SIDE } from "./preprocess.ts";
import { random } from "./random.ts";
import type { Random } from "./random.ts";
import { drawGlyph } from "./strokes/draw.ts";
import { isStyleName, styleNames, styleOf, trainedStyles } from "./strokes/styles.ts";
import type { StyleName } from "./strokes/styles.ts";

export interface DrawnOptions {
  /** Pictures; a multiple of 10 × styles has each digit of each style equally often. */
  readonly count: number;
  /** A whole number ≥ 0. Picture i of a seed is the same whatever `count` is. */
  readonly seed: number;
  /** Default: those that training may use. `heldOutStyles` are the others. */
  readonly styles?: readonly StyleName[];
}

export interface DrawnDigits {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count × 28 × 28 bytes in MNIST's scale: 0 paper, 255 ink. */
  readonly images: Uint8Array;
  /** The digit that each picture shows. */
  readonly labels: Uint8Array;
  /** The style that each picture is written in. */
  readonly styles: readonly StyleName[];
}

/**
 * Draws `count` digits: 0 to 9 in turn, one style after the other, each preprocessed as every drawing is.
 *
 * @throws TatamiError "argument", naming the option, for a count or seed that isn't whole and ≥ 0 (count ≤ 1,000,000),
 * and for an empty list of styles or a name that is none.
 */
export function drawnDigits(options: DrawnOptions): DrawnDigits {
  if (typeof options !== "object" || options === null) throw wrong("options", options, "{ count, seed }");
  const { count, seed, styles = trainedStyles } = options;
  if (!Number.isInteger(count) || count < 0 || count > 1_000_000)
    throw wrong("count", count, "a whole number from 0 to 1,000,000");
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong("seed", seed, "a whole number from 0 to 2^53 − 1");
  if (!Array.isArray(styles) || styles.length === 0 || !styles.every(isStyleName)) {
    throw wrong("styles", styles, `a list of names out of ${styleNames.join(", ")}`);
  }
  const hands = styles.map(styleOf);
  const size = SIDE * SIDE;
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  const names: StyleName[] = [];
  for (let i = 0; i < count; i++) {
    const digit = i % 10;
    const hand = hands[Math.floor(i / 10) % hands.length];
    const glyph = hand?.glyphs[digit];
    if (hand === undefined || glyph === undefined) throw new TatamiError("internal", `no glyph for picture ${i}.`);
    const stream = random(seed, i);
    images.set(noisy(preprocess(drawGlyph(glyph, stream)), stream), i * size);
    labels[i] = digit;
    names.push(hand.name);
  }
  return { count, height: SIDE, width: SIDE, images, labels, styles: names };
}

/** Uneven ink and a grainy paper under it: only where there is ink, for MNIST's background is exactly 0. */
function noisy(image: Uint8Array, stream: Random): Uint8Array {
  const ink = 1 - 0.15 * stream.uniform() * stream.uniform();
  const grain = 14 * stream.uniform();
  return image.map((value) =>
    value === 0 ? 0 : Math.min(255, Math.max(0, Math.round(value * ink + grain * stream.normal()))),
  );
}

function wrong(option: string, given: unknown, wanted: string): TatamiError {
  return new TatamiError("argument", `${option} is ${show(given)}, wanted ${wanted}.`, {
    op: "drawnDigits",
    details: { option, wanted },
  });
}
