/** The network that was trained in this page: what the training room hands to the others. */
import { signal, type Signal } from "@preact/signals";
import type { LayerSpec } from "./train/layers.ts";

export interface Trained {
  readonly layers: readonly LayerSpec[];
  /** The bytes of a safetensors file. */
  readonly weights: Uint8Array;
}

/** None yet: undefined. */
export const trained: Signal<Trained | undefined> = signal(undefined);

/** With which network the reading room reads. */
export const reader: Signal<"shipped" | "own"> = signal("shipped");
