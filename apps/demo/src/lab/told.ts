/** What the library tells of the cell that is looked at and of the input cell that is picked: asked once for all who show it. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Explanation, Fed } from "@tatamijs/core/explain";
import type { Spot } from "../ui/grid.tsx";
import { at, channel, filter, image, picked, result } from "./store.ts";

/** How the output cell that is looked at came to be. */
export const told: ReadonlySignal<Explanation | undefined> = computed(() =>
  result.value.tells?.explain({ n: image.value, f: filter.value, ...at.value }),
);

/** Cells that the window reads now; some may lie in the padding. */
export const windowCells: ReadonlySignal<readonly Spot[]> = computed(() => {
  const window = told.value?.window;
  return window?.rows.flatMap(({ input: y }) => window.columns.map(({ input: x }) => ({ y, x }))) ?? [];
});

/** Output cells of the shown filter that the picked input cell feeds. */
export const fedCells: ReadonlySignal<readonly Fed[]> = computed(() => {
  const { tells } = result.value;
  if (picked.value === undefined || tells === undefined) return [];
  const { cells } = tells.feeds({ n: image.value, c: channel.value, ...picked.value });
  return cells.filter(({ f }) => f === filter.value);
});
