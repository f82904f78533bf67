/**
 * Training. A step is asked for as soon as its batch is there; its loss is read when it arrives, some steps later, so
 * the device never waits for the host. Copies of all states are kept on the host at every epoch's end and now and then
 * between: what an abort hands back, what a lost device or a NaN loss falls back to, and what `checkpoint` saves.
 *
 * A run is a pure function of (first weights, data, seed, options): order, augmentation and dropout are drawn by place,
 * not by history. So a resumed run equals one that never stopped, bit for bit.
 */
import { show, TatamiError, type Layer } from "@tatamijs/core";
import type { Session } from "@tatamijs/engine";
import { counter } from "@tatamijs/nn";
import type { Checkpoint, Plain } from "./checkpoint.ts";
import { batches, isArrayData, lengthOf, type Batch, type Dataset } from "./dataset.ts";
import { checkJob, type EpochReport, type FitOptions, type Job } from "./fit-options.ts";
import { checkSession, inFlight, measured } from "./measure.ts";
import { snapshots, type Snapshots } from "./snapshot.ts";
import { measurement, trainingStep, type Runner, type Tally } from "./steps.ts";
import { breather, isCode, orAborted } from "./turn.ts";

/** Its epochs one by one by `for await`; all that are left by `await`, which gives the report of the last. */
export interface Training extends AsyncGenerator<EpochReport, void, undefined>, PromiseLike<EpochReport | undefined> {}

/** Epochs that can be awaited. */
export function untilTheEnd(epochs: AsyncGenerator<EpochReport, void, undefined>): Training {
  const last = async (): Promise<EpochReport | undefined> => {
    let report: EpochReport | undefined;
    for await (report of epochs);
    return report;
  };
  // A generator that nobody asks does nothing, and says nothing: whoever awaits it means it to run.
  // oxlint-disable-next-line unicorn/no-thenable
  return Object.assign(epochs, { then: ((done, failed) => last().then(done, failed)) as Training["then"] });
}

/**
 * Trains the model, and yields after each epoch; awaited, it trains to the end. The session holds the weights all the while; leaving
 * the loop leaves them as they are.
 *
 *     for await (const { epoch, loss } of fit(model, data, { session, loss: crossEntropy, optimizer: adamw(), epochs: 3 })) …
 *
 * @throws TatamiError at once: `argument`, `shape`, `data-length`, `zero-size`. While it runs: `aborted` and
 * `device-lost` with `details.checkpoint` to resume from; `not-finite` for a loss that is NaN or infinite, the model then
 * being put back to the last kept copy; `weights` for a `resume` that does not fit; and what the layers, the loss, the data
 * and `checkpoint.save` throw.
 */
export function fit(model: Layer, data: Dataset, options: FitOptions): Training {
  return untilTheEnd(new Run(checkJob(model, data, options)).epochs());
}

/** A step whose loss is on its way. */
interface Waiting {
  readonly size: number;
  readonly step: number;
  readonly lr: number;
  readonly tally: Promise<Tally>;
}

/** One call of `fit`. */
class Run {
  readonly #job: Job;
  readonly #snapshots: Snapshots;
  readonly #parts: Parameters<typeof trainingStep>[0];
  readonly #breathe: () => Promise<void> | undefined = breather();
  #session: Session;
  #waiting: Waiting[] = [];
  #kept: Checkpoint | undefined;
  // Where it stands. All of it is in a checkpoint.
  #step = 0;
  #epoch = 0;
  #position = 0;
  #lr = 0;
  #lossSum = 0;
  #right: number | undefined = 0;
  #count = 0;
  // Of this process alone.
  #began = 0;
  #countBefore = 0;

  constructor(job: Job) {
    this.#job = job;
    this.#session = job.session;
    const runs = counter();
    const { model, loss, optimizer, seed, options } = job;
    this.#snapshots = snapshots(model, optimizer, runs);
    this.#parts = { model, loss, optimizer, clip: options.clip, counter: runs, seed };
  }

  async *epochs(): AsyncGenerator<EpochReport, void, undefined> {
    const { resume, reopen, progress, signal } = this.#job.options;
    this.#stopIfAborted();
    if (resume !== undefined) this.#goTo(resume, true);
    try {
      this.#kept = await this.#take();
      for (let loss: TatamiError | undefined; ;) {
        try {
          if (loss !== undefined) await this.#goOn(loss);
          yield* this.#onSession();
          return;
        } catch (error) {
          if (isCode(error, "device-lost")) {
            // What says so with the copy in hand is final.
            if (error.details["checkpoint"] === this.#kept) throw error;
            if (reopen === undefined) throw this.#lost(error);
            loss = error;
          } else if (signal?.aborted === true && isCode(error, "aborted")) {
            throw await this.#aborted();
          } else {
            throw error;
          }
        }
      }
    } finally {
      progress?.close();
    }
  }

  /** On another session, from the host's copy. */
  async #goOn(loss: TatamiError): Promise<void> {
    const session = await this.#job.options.reopen!();
    if (session === undefined) throw this.#lost(loss);
    this.#session = checkSession(session, "fit: reopen()");
    this.#goTo(this.#kept!, false);
  }

  async *#onSession(): AsyncGenerator<EpochReport, void, undefined> {
    const { epochs, model, loss, options } = this.#job;
    const trainer = trainingStep(this.#parts, this.#session);
    const validator = options.validation === undefined ? undefined : measurement(model, loss, this.#session);
    try {
      while (this.#epoch < epochs) {
        const report = await this.#oneEpoch(trainer, validator);
        await options.callbacks?.epoch?.(report);
        yield report;
      }
    } finally {
      trainer.close();
      validator?.close();
    }
  }

  async #oneEpoch(trainer: Runner, validator: Runner | undefined): Promise<EpochReport> {
    const { data, batchSize, seed, shuffle, dropLast, epochs, options } = this.#job;
    const { validation, checkpoint, augment, signal } = options;
    this.#began = performance.now();
    this.#countBefore = this.#count;
    const source = batches(data, {
      batchSize,
      epoch: this.#epoch,
      seed,
      shuffle,
      dropLast,
      skip: this.#position,
      augment,
    });
    try {
      for (;;) {
        const next = await orAborted(source.next(), signal, stopped);
        if (next.done === true) break;
        await this.#oneStep(trainer, next.value);
      }
    } finally {
      // Not awaited: a source that hangs must not keep an abort waiting.
      source.return().catch(() => {});
    }
    await this.#settle(0);
    const seconds = (performance.now() - this.#began) / 1000;
    const scores =
      validator === undefined ? undefined : await measured(validator, validation!, batchSize, signal, true);
    const report: EpochReport = {
      epoch: this.#epoch + 1,
      epochs,
      step: this.#step,
      loss: this.#lossSum / this.#count,
      accuracy: this.#right === undefined ? undefined : this.#right / this.#count,
      validation: scores === undefined ? undefined : { loss: scores.loss!, accuracy: scores.accuracy },
      lr: this.#lr,
      seconds,
      samplesPerSecond: (this.#count - this.#countBefore) / seconds,
    };
    this.#epoch++;
    [this.#position, this.#lossSum, this.#right, this.#count] = [0, 0, 0, 0];
    this.#kept = await this.#take();
    this.#snapshots.mirror(this.#kept);
    await checkpoint?.save(this.#kept);
    return report;
  }

  async #oneStep(trainer: Runner, batch: Batch): Promise<void> {
    const { keepEvery, options } = this.#job;
    const { size } = batch;
    this.#lr = this.#rate();
    const { tally } = await trainer.run(batch, this.#lr);
    this.#step++;
    this.#position++;
    this.#waiting.push({ size, step: this.#step, lr: this.#lr, tally });
    await this.#settle(inFlight);
    const every = options.checkpoint?.every;
    const save = every !== undefined && this.#step % every === 0;
    if (save || this.#step % keepEvery === 0) this.#kept = await this.#take();
    if (save) await options.checkpoint!.save(this.#kept!);
    await this.#breathe();
    this.#stopIfAborted();
  }

  #rate(): number {
    const { optimizer, schedule, epochs, batches: each } = this.#job;
    const factor: unknown = schedule({
      step: this.#step,
      steps: each === undefined ? undefined : each * epochs,
      epoch: this.#epoch,
      epochs,
    });
    if (typeof factor === "number" && Number.isFinite(factor) && factor >= 0) return optimizer.lr * factor;
    throw new TatamiError(
      "argument",
      `the schedule gave ${show(factor)} at step ${this.#step}; give a finite factor ≥ 0`,
      { op: "fit" },
    );
  }

  /** Reads losses, oldest first, until at most `most` are on their way. One that is no number puts the model back. */
  async #settle(most: number): Promise<void> {
    const { options, epochs, data } = this.#job;
    while (this.#waiting.length > most) {
      const { size, step, lr, tally } = this.#waiting[0]!;
      const { loss, correct } = await tally;
      this.#waiting.shift();
      if (!Number.isFinite(loss)) {
        const error = this.#notFinite(loss, step, lr);
        this.#goTo(this.#kept!, false);
        throw error;
      }
      this.#lossSum += loss * size;
      this.#right = this.#right === undefined || correct === undefined ? undefined : this.#right + correct;
      this.#count += size;
      options.callbacks?.step?.({ step, epoch: this.#epoch + 1, loss, lr });
      const { batches: each, batchSize, dropLast } = this.#job;
      options.progress?.update({
        epoch: this.#epoch + 1,
        epochs,
        done: this.#count,
        total: each === undefined ? Number.NaN : dropLast ? each * batchSize : lengthOf(data)!,
        loss: this.#lossSum / this.#count,
        ...(this.#right === undefined ? {} : { accuracy: this.#right / this.#count }),
        seconds: (performance.now() - this.#began) / 1000,
      });
    }
  }

  async #take(): Promise<Checkpoint> {
    await this.#settle(0);
    const { seed, batchSize } = this.#job;
    const extra: Record<string, Plain> = {
      seed,
      batchSize,
      lr: this.#lr,
      lossSum: this.#lossSum,
      right: this.#right ?? null,
      count: this.#count,
    };
    return this.#snapshots.take(this.#session, {
      step: this.#step,
      epoch: this.#epoch,
      position: this.#position,
      extra,
    });
  }

  /** Puts states and position where the checkpoint has them. */
  #goTo(checkpoint: Checkpoint, given: boolean): void {
    const { step, epoch, position, extra } = checkpoint;
    const { seed, batchSize } = this.#job;
    if (given && (extra["seed"] !== seed || extra["batchSize"] !== batchSize)) {
      throw new TatamiError(
        "argument",
        `the checkpoint was made with seed ${show(extra["seed"])} and batchSize ${show(extra["batchSize"])}, this run has ${seed} and ${batchSize}; resume with the same, or load its weights alone`,
        { op: "fit: resume", details: { extra } },
      );
    }
    this.#snapshots.restore(this.#session, checkpoint);
    this.#waiting = [];
    [this.#step, this.#epoch, this.#position] = [step, epoch, position];
    this.#lr = numberOr(extra["lr"], 0);
    this.#lossSum = numberOr(extra["lossSum"], 0);
    this.#right = extra["right"] === null ? undefined : numberOr(extra["right"], 0);
    this.#count = numberOr(extra["count"], 0);
  }

  #stopIfAborted(): void {
    if (this.#job.options.signal?.aborted === true) throw stopped();
  }

  /** Nothing is lost: what was learned is in the session, in the model and in the checkpoint. */
  async #aborted(): Promise<TatamiError> {
    const { signal, checkpoint } = this.#job.options;
    const taken = await this.#take();
    this.#snapshots.mirror(taken);
    await checkpoint?.save(taken);
    return new TatamiError(
      "aborted",
      `training was stopped by its signal after step ${this.#step} (epoch ${this.#epoch + 1}, batch ${this.#position}); the weights are kept, and fit goes on from error.details.checkpoint when given as resume`,
      {
        op: "fit",
        details: { checkpoint: taken, step: this.#step, epoch: this.#epoch, position: this.#position },
        cause: signal?.reason,
      },
    );
  }

  #lost(cause: TatamiError): TatamiError {
    const kept = this.#kept!;
    return new TatamiError(
      "device-lost",
      `the device was lost during training. The host has a copy of step ${kept.step}: open a session on another backend and give error.details.checkpoint as resume, or give fit a function reopen that does`,
      { op: "fit", details: { checkpoint: kept }, cause },
    );
  }

  #notFinite(loss: number, step: number, lr: number): TatamiError {
    const kept = this.#kept!;
    const culprit = nanIn(this.#job.data);
    const advice =
      culprit === undefined
        ? "Usual causes: a learning rate that is too high (try a tenth), gradients that explode (clip: clipNorm(1)), inputs far from 0 … 1, a logarithm or division of the loss at 0"
        : `The data is the cause: ${culprit}`;
    return new TatamiError(
      "not-finite",
      `the loss is ${loss} at step ${step} (epoch ${this.#epoch + 1}, learning rate ${lr}). The model is put back to step ${kept.step}. ${advice}.`,
      { op: "fit", details: { loss, step, epoch: this.#epoch, lr, checkpoint: kept } },
    );
  }
}

function stopped(): TatamiError {
  return new TatamiError("aborted", "training was stopped by its signal before its first step; nothing was changed", {
    op: "fit",
  });
}

function nanIn(data: Dataset): string | undefined {
  if (!isArrayData(data)) return undefined;
  for (const name of ["inputs", "targets"] as const) {
    const { data: values, shape } = data[name];
    const at = values!.findIndex((v) => !Number.isFinite(v));
    if (at >= 0) return `${name} hold ${values![at]} in sample ${Math.floor(at / (values!.length / shape[0]!))}`;
  }
  return undefined;
}

function numberOr(value: unknown, other: number): number {
  return typeof value === "number" ? value : other;
}
