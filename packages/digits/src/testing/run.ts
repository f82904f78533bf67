/** A short training run that any two backends should make alike: plain descent, whose rounding errors do not grow. */
import type { Backend } from "@tatamijs/core/backend";
import { openSession } from "@tatamijs/engine";
import { crossEntropy } from "@tatamijs/nn";
import { fit, sgd, type ArrayData } from "@tatamijs/train";
import { digitsNetwork, pixels } from "../network.ts";
import { drawnAnew, drawnForTraining, type Pictures } from "../sets.ts";

const batchSize = 64;

export interface Run {
  readonly losses: readonly number[];
  /** Of 300 digits that were not trained on, 0 to 1. */
  readonly accuracy: number;
}

const dataset = ({ count, images, labels }: Pictures): ArrayData => ({
  inputs: pixels(images),
  targets: { data: labels, shape: [count] },
});

/** The first `steps` steps from seed 0. */
export async function trainedOn(backend: Backend, steps: number): Promise<Run> {
  const session = openSession(backend);
  const losses: number[] = [];
  let accuracy = Number.NaN;
  const run = fit(digitsNetwork(0), dataset(drawnForTraining(steps * batchSize)), {
    session,
    loss: crossEntropy,
    optimizer: sgd({ lr: 0.1 }),
    batchSize,
    epochs: 1,
    seed: 0,
    validation: dataset(drawnAnew(300)),
    callbacks: { step: ({ loss }) => void losses.push(loss) },
  });
  for await (const { validation } of run) accuracy = validation?.accuracy ?? Number.NaN;
  await session.close();
  return { losses, accuracy };
}

/** The largest |a − b| / |b|. */
export function apart(a: readonly number[], b: readonly number[]): number {
  return Math.max(...b.map((loss, k) => Math.abs(a[k]! - loss) / Math.abs(loss)));
}
