/** What pooling multiplies with: a mean's equal parts, or 1 at the maximum. */
import type { Window } from "./data.ts";
import { grid, type Traced } from "./traced.ts";
import { counted } from "./window.ts";

/** The first of the largest values that are not padding; a NaN, if there is one. */
export function chosen(window: Window, values: readonly (readonly number[])[]): readonly [row: number, column: number] {
  let best: readonly [number, number] | undefined;
  for (const [r, row] of values.entries()) {
    for (const [c, value] of row.entries()) {
      if (window.padding[r]![c]!) continue;
      const most = best === undefined ? -Infinity : values[best[0]]![best[1]]!;
      if (best === undefined || value > most || (Number.isNaN(value) && !Number.isNaN(most))) best = [r, c];
    }
  }
  return best!;
}

/** The number of parts that a mean's window is divided into. */
export function partsAt({ geometry, countIncludePad = false }: Traced, y: number, x: number): number {
  return counted(geometry, 0, y, countIncludePad) * counted(geometry, 1, x, countIncludePad);
}

/** One part of the mean for each cell that counts: of the map, or of the padding too, but none beyond the padding. */
export function parts(t: Traced, window: Window, y: number, x: number): number[][] {
  const { input, padding } = t.geometry;
  const part = 1 / partsAt(t, y, x);
  return grid(window, (row, column, r, c) => {
    const beyond = row.input >= input[0] + padding[2] || column.input >= input[1] + padding[3];
    return beyond || (window.padding[r]![c]! && t.countIncludePad !== true) ? 0 : part;
  });
}
