/** How good a model is on a set of data: its loss and its share of right answers, in prediction. */
import { checkOptions, show, TatamiError, type Layer } from "@tatamijs/core";
import { Session } from "@tatamijs/engine";
import { checkLayer, type Loss } from "@tatamijs/nn";
import { batches, checkDataset, type Dataset } from "./dataset.ts";
import { checkNames } from "./names.ts";
import { measurement, type Runner, type Tally } from "./steps.ts";
import { breather, orAborted } from "./turn.ts";

export interface MeasureOptions {
  readonly session: Session;
  readonly loss?: Loss | undefined;
  /** Default 100. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Measure {
  /** Mean over the samples; undefined without a loss. */
  readonly loss: number | undefined;
  /** 0 to 1; undefined where targets are no classes. */
  readonly accuracy: number | undefined;
  readonly count: number;
}

/**
 * Loss and accuracy of the model on all samples, in order, with dropout off and batch norm's running statistics.
 * @throws TatamiError `argument`, `shape`, `aborted`; and what the model throws.
 */
export async function measure(model: Layer, data: Dataset, options: MeasureOptions): Promise<Measure> {
  const names = { session: true, loss: true, batchSize: true, signal: true } as const;
  const { session, loss, batchSize = 100, signal } = checkNames(options, names, "measure");
  checkLayer(model, "measure", "model");
  checkDataset(data, "measure", "data");
  checkSession(session, "measure");
  if (loss !== undefined && typeof loss !== "function")
    throw new TatamiError("argument", `loss is ${show(loss)}; give a function such as crossEntropy`, { op: "measure" });
  checkWhole(batchSize, "measure", "batchSize", 1);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TatamiError("argument", `signal is ${show(signal)}; give an AbortSignal, such as controller.signal`, {
      op: "measure",
    });
  const runner = measurement(model, loss, session);
  try {
    return await measured(runner, data, batchSize, signal, loss !== undefined);
  } finally {
    runner.close();
  }
}

/** Share of right answers, 0 to 1, where the output is scores [N, K] and the targets classes [N]. @throws TatamiError as `measure`. */
export async function accuracy(model: Layer, data: Dataset, options: Omit<MeasureOptions, "loss">): Promise<number> {
  const { session, batchSize, signal } = checkOptions(options, "accuracy");
  return (await measure(model, data, { session, batchSize, signal })).accuracy!;
}

/** A pass over the data with a runner that is kept. */
export async function measured(
  runner: Runner,
  data: Dataset,
  batchSize: number,
  signal: AbortSignal | undefined,
  withLoss: boolean,
): Promise<Measure> {
  const breathe = breather();
  const waiting: { size: number; tally: Promise<Tally> }[] = [];
  let [sum, right, count]: [number, number | undefined, number] = [0, 0, 0];
  const settle = async (most: number): Promise<void> => {
    while (waiting.length > most) {
      const { size, tally } = waiting.shift()!;
      const { loss, correct } = await tally;
      sum += loss * size;
      right = right === undefined || correct === undefined ? undefined : right + correct;
      count += size;
    }
  };
  const stopped = (): TatamiError =>
    new TatamiError("aborted", "stopped by the signal", { op: "measure", cause: signal?.reason });
  const source = batches(data, { batchSize, epoch: 0, seed: 0, shuffle: false, dropLast: false, skip: 0 });
  try {
    for (;;) {
      const next = await orAborted(source.next(), signal, stopped);
      if (next.done === true) break;
      waiting.push({ size: next.value.size, tally: (await runner.run(next.value)).tally });
      await settle(inFlight);
      await breathe();
    }
  } finally {
    // Not awaited: a source that hangs must not keep an abort waiting.
    source.return().catch(() => {});
  }
  await settle(0);
  return { loss: withLoss ? sum / count : undefined, accuracy: right === undefined ? undefined : right / count, count };
}

/** Losses that may be on their way: a device is kept busy, and bad news is not old. */
export const inFlight = 8;

/** @throws TatamiError `argument`. */
export function checkSession(value: unknown, op: string): Session {
  if (value instanceof Session) return value;
  throw new TatamiError("argument", `session is ${show(value)}; give openSession(backend)`, { op });
}

/** @throws TatamiError `argument`. */
export function checkWhole(value: unknown, op: string, name: string, least: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value < 2 ** 32) return value;
  throw new TatamiError("argument", `${name} is ${show(value)}; give a whole number ≥ ${least}`, {
    op,
    details: { name, given: value },
  });
}
