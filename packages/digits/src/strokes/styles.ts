/** The styles: which training may use, which it never sees, and their strokes. */
import { hands } from "./hands.ts";
import type { StyleName } from "./hands.ts";
import { parseGlyph } from "./path.ts";
import type { Stroke } from "./path.ts";

export type { StyleName } from "./hands.ts";

export type Glyph = readonly Stroke[];

export interface Style {
  readonly name: StyleName;
  /** By digit, 0 to 9. */
  readonly glyphs: readonly Glyph[];
}

export const styleNames: readonly StyleName[] = Object.keys(hands) as StyleName[];

/** Whole styles that training never sees: what they are read at says whether the net learned digits or our glyphs. */
export const heldOutStyles: readonly StyleName[] = ["european", "school", "american"];

/** The styles that training may use. */
export const trainedStyles: readonly StyleName[] = styleNames.filter((name) => !heldOutStyles.includes(name));

export function isStyleName(value: unknown): value is StyleName {
  return typeof value === "string" && Object.hasOwn(hands, value);
}

/** The strokes of a style, parsed anew: ten short texts take microseconds, and nothing is kept. */
export function styleOf(name: StyleName): Style {
  return { name, glyphs: hands[name].map(parseGlyph) };
}
