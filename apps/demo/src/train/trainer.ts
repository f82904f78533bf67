/**
 * A training run that can be paused, stepped, moved to another backend and begun anew. All of it is `fit`: it hands out a
 * checkpoint every few steps, in which the filters and gradients of now are to be seen; it is paused by its signal, and goes
 * on from the checkpoint as if it had never stopped. What is looked at, and when the page asks, changes no number of a run.
 */
import { crossEntropy, fit, load, nn, TatamiError, type BackendName, type Checkpoint } from "tatamijs";
import { drawn, fromFiles, fromSite, type Digits } from "./digits.ts";
import { factsOf } from "./facts.ts";
import { openJudge, type Judge } from "./judge.ts";
import type { About, Asked, SiteData, Told } from "./messages.ts";
import { pace } from "./pace.ts";
import { layersIn, newRun, weightsOf, type Run } from "./run.ts";
import type { Settings, Source } from "./settings.ts";

/** Steps between two looks at the weights. */
const lookEvery = 10;
/** More often at the beginning, where more happens. Multiples of `lookEvery`. */
const isTestDue = (step: number): boolean =>
  step % (step <= 60 ? 10 : step <= 400 ? 20 : step <= 4000 ? 100 : 500) === 0;
/** Pictures of a test between epochs. */
const few = 500;
/** Where training goes on when a device cannot be had any more. */
const order: readonly BackendName[] = ["webgpu", "wasm", "cpu"];

export interface Trainer {
  /** What was asked is done in turn; what a running training is in the way of, pauses it. */
  ask(asked: Asked): void;
  /** When all that was asked is done. */
  idle(): Promise<void>;
}

const isCode = (error: unknown, ...codes: TatamiError["code"][]): error is TatamiError =>
  error instanceof TatamiError && codes.includes(error.code);

export function trainer(site: SiteData, tell: (told: Told) => void): Trainer {
  const known = new Map<Source, Digits>();
  const heard = new WeakSet<object>();
  const losses = pace(tell);
  let backend: BackendName = "wasm";
  let row = 0;
  let run: Run | undefined;
  let judge: Judge | undefined;
  let stop: AbortController | undefined;
  let interruptions = 0;
  let tail: Promise<void> = Promise.resolve();

  const problem = (about: About, error: unknown): void => tell({ kind: "problem", about, error: factsOf(error) });

  /** @throws TatamiError `format`, `not-found`, `io` (rejects). */
  const digitsOf = async (source: Source): Promise<Digits> => {
    let digits = known.get(source);
    if (digits === undefined) {
      digits = source === "drawn" ? drawn() : await fromSite(site);
      known.set(source, digits);
    }
    return digits;
  };

  /** Opens a backend, with the test compiled for it. @throws TatamiError `backend` (rejects). */
  const judged = async (on: Run, name: BackendName): Promise<Judge> => {
    const opened = await openJudge(on.model, name);
    const { lost, traits } = opened.backend;
    tell({ kind: "backend", name, variant: traits.variant });
    if (!heard.has(opened.backend)) {
      heard.add(opened.backend);
      void lost.then(({ reason }) => {
        if (judge === opened) judge = undefined;
        if (backend === name) tell({ kind: "lost", name, reason, step: run?.checkpoint?.step ?? 0 });
      });
    }
    return opened;
  };

  const test = async (on: Run, most: number): Promise<void> => {
    const step = on.checkpoint?.step ?? 0;
    try {
      judge ??= await judged(on, backend);
      tell({ kind: "test", test: await judge.test(on.digits.testing, step, most) });
      on.tested = step;
    } catch (error) {
      // A loss is told where it is heard of; `fit` goes on, and the next test opens again.
      if (!isCode(error, "device-lost", "closed")) throw error;
      judge = undefined;
    }
  };

  const look = (on: Run): void => {
    const name = on.rows[row]?.weight;
    if (name === undefined) return;
    const { shape, data } = on.checkpoint?.weights.get(name) ?? nn.firstValues(on.model).get(name)!;
    const weights = Float32Array.from(data as Float32Array);
    const last = on.checkpoint?.optimizer.get(`${name}.grad`)?.data as Float32Array | undefined;
    const gradients = last === undefined ? new Float32Array(weights.length) : Float32Array.from(last);
    tell({ kind: "maps", maps: { row, step: on.checkpoint?.step ?? 0, shape, weights, gradients } });
  };

  /** The first of these that opens is the backend of now; each that does not says why. */
  const openOne = async (on: Run, names: readonly BackendName[]): Promise<boolean> => {
    for (const name of names) {
      try {
        const opened = await judged(on, name);
        judge?.close();
        judge = opened;
        backend = name;
        return true;
      } catch (error) {
        problem("backend", error);
      }
    }
    return false;
  };

  const resting = (): Told => ({ kind: "state", state: (run?.checkpoint?.step ?? 0) > 0 ? "paused" : "ready" });

  const begin = async (settings: Settings, weights: Uint8Array | undefined): Promise<void> => {
    tell({ kind: "state", state: "preparing" });
    try {
      const layers = weights === undefined ? undefined : layersIn(weights);
      const next = newRun(layers === undefined ? settings : { ...settings, layers }, await digitsOf(settings.source));
      if (weights !== undefined) await load(next.model, weights);
      run = next;
      const { training, testing } = next.digits;
      tell({ kind: "began", settings: next.settings, training: training.count, testing: testing.count });
      look(next);
      if (await openOne(next, [backend, ...order.filter((name) => name !== backend)])) await test(next, few);
    } catch (error) {
      problem(weights === undefined ? "data" : "weights", error);
    }
    tell(resting());
  };

  const save = async (on: Run, taken: Checkpoint, single: boolean): Promise<void> => {
    on.checkpoint = taken;
    if (single) stop?.abort();
    if (losses.flush(single)) look(on);
    if (isTestDue(taken.step) && taken.step !== on.tested) await test(on, few);
  };

  /** Until its epochs are over, its signal comes, or, if `single`, for one step. */
  const train = async (on: Run, single: boolean): Promise<void> => {
    if (on.checkpoint !== undefined && on.checkpoint.epoch >= on.epochs) on.epochs += on.settings.epochs;
    tell({ kind: "state", state: "running" });
    for (;;) {
      stop = new AbortController();
      try {
        const passes = fit(on.model, on.training, {
          backend,
          loss: crossEntropy,
          optimizer: on.optimizer,
          batchSize: on.settings.batch,
          epochs: on.epochs,
          seed: on.settings.seed,
          signal: stop.signal,
          resume: on.checkpoint,
          callbacks: { step: losses.add },
          checkpoint: { every: single ? 1 : lookEvery, save: (taken) => save(on, taken, single) },
        });
        for await (const pass of passes) {
          losses.flush(true);
          // All the pictures, not the few of a test in passing.
          if (pass.step === on.checkpoint?.step) await test(on, Infinity);
        }
        look(on);
        tell({ kind: "state", state: "done" });
        return;
      } catch (error) {
        on.checkpoint = copyIn(error) ?? on.checkpoint;
        if (isCode(error, "device-lost", "backend")) {
          problem("backend", error);
          if (await openOne(on, order.slice(order.indexOf(backend) + 1))) continue;
        } else if (isCode(error, "aborted")) {
          if (on.tested !== (on.checkpoint?.step ?? 0)) await test(on, few);
        } else problem("training", error);
        losses.flush(true);
        look(on);
        tell(resting());
        return;
      } finally {
        stop = undefined;
      }
    }
  };

  const work = async (asked: Asked, at: number): Promise<void> => {
    switch (asked.kind) {
      case "begin":
        return begin(asked.settings, asked.weights);
      case "go":
      case "step":
        // A pause that came since is a pause.
        if (run !== undefined && at === interruptions) return train(run, asked.kind === "step");
        return tell(resting());
      case "backend":
        if (run === undefined) backend = asked.name;
        if (run === undefined || !(await openOne(run, [asked.name])))
          tell({ kind: "backend", name: backend, variant: judge?.backend.traits.variant ?? "" });
        return;
      case "files":
        known.set("files", await fromFiles(asked.files.map((file) => ({ name: file.name, blob: file }))));
        return tell({ kind: "files", source: "files" });
      case "look":
        row = asked.row;
        return run === undefined ? undefined : look(run);
      case "save":
        if (run !== undefined) tell({ kind: "saved", bytes: weightsOf(run), layers: run.settings.layers });
        return;
      case "pause":
        return;
    }
  };
  return {
    ask(asked) {
      const about: About = asked.kind === "files" ? "data" : "training";
      const answer = (at: number): Promise<void> => work(asked, at).catch((error: unknown) => problem(about, error));
      // These change nothing that is under way.
      if (asked.kind === "look" || asked.kind === "save") void answer(0);
      else {
        if (asked.kind !== "go" && asked.kind !== "step") {
          interruptions++;
          stop?.abort();
        }
        const at = interruptions;
        tail = tail.then(() => answer(at));
      }
    },
    idle: () => tail,
  };
}

/** The checkpoint that came with an error of `fit`. */
function copyIn(error: unknown): Checkpoint | undefined {
  return error instanceof TatamiError ? (error.details["checkpoint"] as Checkpoint | undefined) : undefined;
}
