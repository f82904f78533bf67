// What several drawings say: one cell explained, a whole result, and where a window stands.
import { conv2d, type ConvOptions, type Tensor } from "@tatamijs/core";
import { explain, explainer, type Explanation } from "@tatamijs/core/explain";
import { edge, stroke } from "./example.ts";
import type { Frame } from "./grid.ts";
import { text, type Drawn } from "./svg.ts";

/** An operator between two drawings. */
export const sign = (words: string): Drawn => text(words, "sign");

/** The convolution of the first sections. */
export const conv =
  (options: ConvOptions = {}) =>
  (t: Tensor): Tensor =>
    conv2d(t, edge, options);

/** How its cell in row y and column x came to be. */
export const at = (y: number, x: number, options: ConvOptions = {}): Explanation =>
  explain(conv(options), stroke, { f: 0, y, x });

/** Rows of the output of one filter. */
export function result(options: ConvOptions = {}): number[][] {
  const told = explainer(conv(options), stroke);
  const [, , height, width] = told.output;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => told.explain({ f: 0, y, x }).value),
  );
}

/** Where the window of an explanation stands, in cells of the map. */
export function frameOf({ window: { rows, columns } }: Explanation, pad: number = 0, kind: string = "window"): Frame {
  return {
    row: rows[0]!.input + pad,
    column: columns[0]!.input + pad,
    rows: rows.at(-1)!.input - rows[0]!.input + 1,
    columns: columns.at(-1)!.input - columns[0]!.input + 1,
    kind,
  };
}

/** A frame around one cell. */
export const cellFrame = (y: number, x: number, kind: string = "window"): Frame => ({
  row: y,
  column: x,
  rows: 1,
  columns: 1,
  kind,
});
