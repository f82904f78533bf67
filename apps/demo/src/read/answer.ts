/** What the drawing is read as. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { reading } from "./store.ts";

/** The digit and its share of 1. */
export const answer: ReadonlySignal<{ readonly digit: number; readonly share: number } | undefined> = computed(() => {
  const all = reading.value?.probabilities;
  if (all === undefined) return undefined;
  let digit = 0;
  for (let i = 1; i < all.length; i++) if (all[i]! > all[digit]!) digit = i;
  return { digit, share: all[digit]! };
});
