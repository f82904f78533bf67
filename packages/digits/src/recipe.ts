/**
 * How the network is trained: `pnpm train:digits` does it with MNIST and drawn digits, a test with two thousand drawn
 * digits alone. A pure function of the pictures, the seed and the number of epochs.
 *
 * AdamW under one cycle of the learning rate (Smith and Topin 2018), and each picture a little shifted, turned, sized
 * and slanted anew in each epoch. After each epoch it reads `choosing`, and the epoch that reads it best is kept, of
 * equals the one with the lower loss.
 */
import { TatamiError } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { openSession } from "@tatamijs/engine";
import type { Session } from "@tatamijs/engine";
import { crossEntropy } from "@tatamijs/nn";
import type { Module } from "@tatamijs/nn";
import { adamw, randomAffine, fit, oneCycle } from "@tatamijs/train";
import type { ArrayData, EpochReport, FitOptions, StoredTensor } from "@tatamijs/train";
import { digitsNetwork, pixels } from "./network.ts";
import type { Pictures } from "./sets.ts";

export interface RecipeOptions {
  readonly backend: Backend;
  /** What is learned from. */
  readonly training: Pictures;
  /** What the epoch is chosen on. No picture of it may be in `training`. */
  readonly choosing: Pictures;
  readonly epochs: number;
  /** Of the first weights, the order and the augmentation. */
  readonly seed: number;
  readonly progress?: FitOptions["progress"];
  /** Called after each epoch. */
  readonly onEpoch?: (report: EpochReport) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Trained {
  /** The chosen epoch's weights, by PyTorch's names. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The chosen epoch, from 1. */
  readonly epoch: number;
  /** What it reads of `choosing`, 0 to 1. */
  readonly accuracy: number;
}

/** @throws TatamiError "argument" for epochs or a seed that `fit` does not take; "not-finite"; "aborted". */
export async function trainDigits(options: RecipeOptions): Promise<Trained> {
  const { backend, training, choosing, epochs, seed, progress, onEpoch, signal } = options;
  const model = digitsNetwork(seed);
  const session = openSession(backend);
  let best: (Trained & { readonly loss: number }) | undefined;
  try {
    const run = fit(model, dataset(training), {
      session,
      loss: crossEntropy,
      optimizer: adamw({ lr: 3e-3, betas: [0.9, 0.99], weightDecay: 0.01 }),
      schedule: oneCycle({ pctStart: 0.2 }),
      batchSize: 64,
      epochs,
      seed,
      augment: randomAffine({ shift: 1.5, rotate: 10, scale: 0.12, shear: 0.15 }),
      validation: dataset(choosing),
      progress,
      signal,
    });
    for await (const report of run) {
      const { accuracy = 0, loss = Infinity } = report.validation ?? {};
      if (best === undefined || accuracy > best.accuracy || (accuracy === best.accuracy && loss < best.loss)) {
        best = { tensors: await weightsOf(model, session), epoch: report.epoch, accuracy, loss };
      }
      onEpoch?.(report);
    }
  } finally {
    await session.close();
  }
  if (best === undefined)
    throw new TatamiError("argument", `epochs is ${epochs}; give at least 1`, { op: "trainDigits" });
  return best;
}

function dataset({ count, images, labels }: Pictures): ArrayData {
  return { inputs: pixels(images), targets: { data: labels, shape: [count] } };
}

/** A copy of what the session has made of the weights. */
async function weightsOf(model: Module, session: Session): Promise<ReadonlyMap<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, state] of Object.entries(model.state)) {
    const data = await session.read(state);
    tensors.set(name, { dtype: state.dtype, shape: state.shape, data });
  }
  return tensors;
}
