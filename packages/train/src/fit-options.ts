/** What `fit` is told, what it tells, and the checks before anything begins. */
import { checkBoolean, TatamiError, type Layer, wrongArgument } from "@tatamijs/core";
import type { Session } from "@tatamijs/engine";
import { checkLayer, type Loss } from "@tatamijs/nn";
import type { Augment } from "./augment.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Clip } from "./clip.ts";
import { checkDataset, lengthOf, type Dataset } from "./dataset.ts";
import { checkSession, checkWhole } from "./measure.ts";
import { checkNames } from "./names.ts";
import type { Progress } from "./node/progress.ts";
import type { Optimizer } from "./optim/optimizer.ts";
import type { Schedule } from "./schedule.ts";

export interface FitOptions {
  readonly session: Session;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Passes over the data. Default 1. Of a resumed run: those before included. */
  readonly epochs?: number | undefined;
  /** Default 32. The last batch of an epoch may be smaller. */
  readonly batchSize?: number | undefined;
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean | undefined;
  /** Default true. Of a stream: how many samples it is shuffled through; true is 1,024. */
  readonly shuffle?: boolean | number | undefined;
  /** Decides order, augmentation and dropout. Default 0. (First weights come from where the model is made.) */
  readonly seed?: number | undefined;
  /** Scales the optimiser's learning rate. Default: constant. */
  readonly schedule?: Schedule | undefined;
  /** `clipNorm(1)`, `clipValue(0.5)`. */
  readonly clip?: Clip | undefined;
  readonly augment?: Augment | undefined;
  /** Measured after each epoch. */
  readonly validation?: Dataset | undefined;
  readonly callbacks?: Callbacks | undefined;
  /** Shows how far it is: `terminalProgress()` of `@tatamijs/train/node`. */
  readonly progress?: { update(progress: Progress): void; close(): void } | undefined;
  /** Stops after the step that is under way. */
  readonly signal?: AbortSignal | undefined;
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Goes on from here as if it had never stopped: same data, seed, batch size. */
  readonly resume?: Checkpoint | undefined;
  /** A new session after the device was lost; training goes on from the host's copy. Left out, or undefined given: the loss is reported. */
  readonly reopen?: (() => Session | undefined | Promise<Session | undefined>) | undefined;
  /** Steps between the copies that the host keeps for that. Default 500, and at the end of each epoch. */
  readonly keepEvery?: number | undefined;
}

const optionNames = {
  session: true,
  loss: true,
  optimizer: true,
  epochs: true,
  batchSize: true,
  dropLast: true,
  shuffle: true,
  seed: true,
  schedule: true,
  clip: true,
  augment: true,
  validation: true,
  callbacks: true,
  progress: true,
  signal: true,
  checkpoint: true,
  resume: true,
  reopen: true,
  keepEvery: true,
} as const;

export interface Callbacks {
  /** After each step, when its loss is known: some steps late. */
  step?(report: StepReport): void;
  /** Before the epoch is yielded; awaited. */
  epoch?(report: EpochReport): void | Promise<void>;
}

export interface CheckpointOptions {
  /** Where it goes; awaited. `(c) => saveCheckpoint("run.ckpt", c)` */
  save(checkpoint: Checkpoint): void | Promise<void>;
  /** Steps between two. Default: at the end of each epoch alone. */
  readonly every?: number | undefined;
}

export interface StepReport {
  /** Updates since the beginning, this one included. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly lr: number;
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Updates since the beginning. */
  readonly step: number;
  /** Mean over the epoch's samples, each as of its own step. */
  readonly loss: number;
  /** Share of right answers over the epoch, as of each step; undefined where targets are no classes. */
  readonly accuracy: number | undefined;
  readonly validation: { readonly loss: number; readonly accuracy: number | undefined } | undefined;
  /** The last step's. */
  readonly lr: number;
  /** Of this epoch, validation excepted. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** `FitOptions` with the defaults in place. */
export interface Job {
  readonly model: Layer;
  readonly data: Dataset;
  readonly session: Session;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly shuffle: boolean | number;
  readonly seed: number;
  readonly schedule: Schedule;
  readonly keepEvery: number;
  /** Batches per epoch where that is known. */
  readonly batches: number | undefined;
  readonly options: FitOptions;
}

/** @throws TatamiError `argument`, `shape`, `data-length`, `zero-size`. */
export function checkJob(model: Layer, data: Dataset, given: FitOptions): Job {
  const op = "fit";
  checkLayer(model, op, "model");
  checkDataset(data, op, "data");
  const options = checkNames(given, optionNames, op);
  const {
    session,
    loss,
    optimizer,
    epochs = 1,
    batchSize = 32,
    dropLast = false,
    shuffle = true,
    seed = 0,
    keepEvery = 500,
  } = options;
  checkSession(session, op);
  const { optimizer: rule } = options as { optimizer?: Partial<Optimizer> | null };
  if (typeof rule?.step !== "function" || typeof rule.slots !== "function") {
    throw wrong("optimizer", optimizer, "an optimiser such as adamw()");
  }
  if (typeof loss !== "function")
    throw wrong("loss", loss, "a function (output, target) => scalar, such as crossEntropy");
  checkWhole(epochs, op, "epochs", 0);
  checkWhole(batchSize, op, "batchSize", 1);
  checkWhole(seed, op, "seed", 0);
  checkWhole(keepEvery, op, "keepEvery", 1);
  checkBoolean(dropLast, op, "dropLast");
  if (typeof shuffle !== "boolean") checkWhole(shuffle, op, "shuffle", 0);
  for (const name of ["schedule", "clip", "augment", "reopen"] as const) checkFunction(options[name], name);
  if (options.validation !== undefined) checkDataset(options.validation, op, "validation");
  const { signal, checkpoint, progress, callbacks, resume } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw wrong("signal", signal, "an AbortSignal, such as controller.signal");
  checkMethods(checkpoint, "checkpoint", ["save"]);
  if (checkpoint?.every !== undefined) checkWhole(checkpoint.every, op, "checkpoint.every", 1);
  checkMethods(progress, "progress", ["update", "close"]);
  checkMethods(callbacks, "callbacks", []);
  for (const name of ["step", "epoch"] as const) checkFunction(callbacks?.[name], `callbacks.${name}`);
  if (resume !== undefined && !((resume as Partial<Checkpoint> | null)?.weights instanceof Map)) {
    throw wrong("resume", resume, "a checkpoint, as decodeCheckpoint or loadCheckpoint gives it");
  }
  const length = lengthOf(data);
  const batches =
    length === undefined ? undefined : dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
  if (batches === 0) {
    throw new TatamiError(
      "zero-size",
      `${length} samples make no full batch of ${batchSize}, and dropLast leaves out the rest; use a smaller batchSize`,
      { op },
    );
  }
  const { schedule = () => 1 } = options;
  return {
    model,
    data,
    session,
    loss,
    optimizer,
    epochs,
    batchSize,
    dropLast,
    shuffle,
    seed,
    schedule,
    keepEvery,
    batches,
    options,
  };
}

function checkFunction(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== "function") throw wrong(name, value, "a function");
}

function checkMethods(value: unknown, name: string, methods: readonly string[]): void {
  if (value === undefined) return;
  const record = (typeof value === "object" && value !== null ? value : undefined) as
    | Readonly<Record<string, unknown>>
    | undefined;
  if (record !== undefined && methods.every((method) => typeof record[method] === "function")) return;
  throw wrong(
    name,
    value,
    methods.length === 0
      ? "a record"
      : `a record with the function${methods.length > 1 ? "s" : ""} ${methods.join(" and ")}`,
  );
}

function wrong(name: string, given: unknown, wanted: string): TatamiError {
  return wrongArgument("fit", name, given, wanted);
}
