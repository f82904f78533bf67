/** All phrases. The first that fits is taken, so those that fit much come last. */
import type { Phrase } from "./phrase.ts";
import { layers } from "./phrases/layers.ts";
import { ops } from "./phrases/ops.ts";
import { running } from "./phrases/running.ts";
import { training } from "./phrases/training.ts";
import { general } from "./phrases/general.ts";

export const phrases: readonly Phrase[] = [...ops, ...layers, ...running, ...training, ...general];
