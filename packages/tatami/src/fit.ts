/** Training and measuring, with the backend and the session found, and files where a path is given. */
import { checkOptions, show, TatamiError, type Layer } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import type { Session } from "@tatamijs/engine";
import {
  accuracy as accuracyIn,
  decodeCheckpoint,
  encodeCheckpoint,
  fit as fitIn,
  measure as measureIn,
  untilTheEnd,
  type Checkpoint,
  type CheckpointOptions,
  type Dataset,
  type EpochReport,
  type FitOptions as FitInOptions,
  type Measure,
  type MeasureOptions as MeasureInOptions,
  type Training,
} from "@tatamijs/train";
import { progressBar, readFile, saveFile } from "#files";
import { isBackend, type BackendChoice } from "./open.ts";
import { backendAfter, backendFor, sessionOn, settleIn, share } from "./sessions.ts";

export interface FitOptions extends Omit<FitInOptions, "session" | "checkpoint" | "resume" | "progress" | "reopen"> {
  /**
   * Default "auto", opened on first use. After a loss training goes on from the host's copy: on the same backend opened again, at
   * most twice a minute, then on the next of the list. A backend of your own cannot be opened again; then the loss is reported.
   */
  readonly backend?: BackendChoice | undefined;
  /** A path (Node) to which each epoch saves all that is needed to go on, or where else it goes. */
  readonly checkpoint?: string | CheckpointOptions | undefined;
  /** A path (Node), or a checkpoint. */
  readonly resume?: string | Checkpoint | undefined;
  /** true: a bar in the terminal (Node). */
  readonly progress?: boolean | FitInOptions["progress"];
}

/**
 * Trains the model, and yields after each epoch; awaited, it trains to the end and gives the last epoch's report.
 *
 *     for await (const { epoch, loss } of fit(model, data, { loss: crossEntropy, optimizer: adamw(), epochs: 3 })) …
 *     await fit(model, data, { loss: crossEntropy, optimizer: adamw(), epochs: 3 });
 *
 * @throws TatamiError (at the first step) as `fit` of `@tatamijs/train`, and as `open`.
 */
export function fit(model: Layer, data: Dataset, options: FitOptions): Training {
  return untilTheEnd(epochsOf(model, data, options));
}

async function* epochsOf(
  model: Layer,
  data: Dataset,
  options: FitOptions,
): AsyncGenerator<EpochReport, void, undefined> {
  const { backend, checkpoint, resume, progress, ...rest } = checkOptions(options, "fit");
  if (
    checkpoint !== undefined &&
    typeof checkpoint !== "string" &&
    (typeof checkpoint !== "object" || checkpoint === null)
  ) {
    throw new TatamiError("argument", `checkpoint is ${show(checkpoint)}; give a path, or { save }`, { op: "fit" });
  }
  const begin = (on: Backend): Session => {
    const session = sessionOn(on);
    settleIn(model, session, "fit", true);
    return session;
  };
  let current: Backend = await backendFor(backend);
  const reopen = async (): Promise<Session | undefined> => {
    const next = await backendAfter(current, backend);
    return next === undefined ? undefined : (session = begin((current = next)));
  };
  let session = begin(current);
  const bar = progress === true ? progressBar() : progress === false ? undefined : progress;
  const epochs = fitIn(model, data, {
    ...rest,
    session,
    checkpoint:
      typeof checkpoint === "string" ? { save: (taken) => saveFile(checkpoint, encodeCheckpoint(taken)) } : checkpoint,
    resume: typeof resume === "string" ? decodeCheckpoint(await readFile(resume)) : resume,
    progress: bar,
    reopen: isBackend(backend) ? undefined : reopen,
  });
  try {
    for await (const report of epochs) {
      await share(model, session);
      yield report;
    }
  } catch (error) {
    // Stopped, or put back to an earlier copy, since what others know.
    await share(model, session);
    throw error;
  }
}

export interface MeasureOptions extends Omit<MeasureInOptions, "session"> {
  /** Default "auto", opened on first use. */
  readonly backend?: BackendChoice | undefined;
}

/** Loss and accuracy on all samples. @throws TatamiError as `measure` of `@tatamijs/train`. */
export async function measure(model: Layer, data: Dataset, options: MeasureOptions = {}): Promise<Measure> {
  const { backend, ...rest } = checkOptions(options, "measure");
  const session = sessionOn(await backendFor(backend));
  settleIn(model, session, "measure");
  return measureIn(model, data, { ...rest, session });
}

/** Share of right answers, 0 to 1. @throws TatamiError as `accuracy` of `@tatamijs/train`. */
export async function accuracy(
  model: Layer,
  data: Dataset,
  options: Omit<MeasureOptions, "loss"> = {},
): Promise<number> {
  const { backend, ...rest } = checkOptions(options, "accuracy");
  const session = sessionOn(await backendFor(backend));
  settleIn(model, session, "accuracy");
  return accuracyIn(model, data, { ...rest, session });
}
