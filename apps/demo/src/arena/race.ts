/**
 * Times contests on backends, turn by turn: one sample of each backend in every round, so that a device that grows hot slows
 * them all alike. A sample is one run, or as many as the clock needs to tell them apart.
 */
import { compile, TatamiError, type BackendName, type Predict, type Value } from "tatamijs";
import { contests, type Contest } from "./contests.ts";
import { modelOf, type Model } from "./models.ts";
import { forget, known, opened } from "./opening.ts";
import type { Timed } from "./protocol.ts";
import { difference, quantile, tickOf } from "./statistics.ts";

interface Runner {
  readonly name: BackendName;
  readonly predict: Predict<Value>;
  readonly told: Timed;
  readonly samples: number[];
  /** Runs to a sample. */
  each: number;
  spent: number;
}

/** At least so many samples, however long one takes. */
const least = 5;
const most = 200;

/** `budget`: milliseconds of measured runs for each contest on each backend. */
export async function race(
  names: readonly BackendName[],
  ids: readonly string[],
  budget: number,
  tell: (timed: Timed) => void,
): Promise<void> {
  const tick = tickOf();
  for (const contest of contests.filter(({ id }) => ids.includes(id))) await one(contest, names, budget, tick, tell);
}

async function one(
  contest: Contest,
  names: readonly BackendName[],
  budget: number,
  tick: number,
  tell: (timed: Timed) => void,
): Promise<void> {
  const { id } = contest;
  const model = modelOf(contest);
  const wanted = await reference(contest, model);
  const runners = new Map<BackendName, Runner>();
  const enter = async (name: BackendName): Promise<void> => {
    tell({ id, name, state: "preparing" });
    try {
      runners.set(name, await prepared(contest, model, name, wanted, tick, budget));
    } catch (error) {
      runners.delete(name);
      tell({ id, name, state: "failed", why: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const name of names) await enter(name);
  const again = new Set<BackendName>();
  try {
    let said = 0;
    for (;;) {
      const left = [...runners.values()].filter((runner) => !spent(runner, budget));
      if (left.length === 0) break;
      for (const runner of left) {
        try {
          await sample(runner, model.x);
        } catch (error) {
          // Who loses a device begins anew on another, once; the others go on.
          runners.delete(runner.name);
          const lost = error instanceof TatamiError && error.code === "device-lost" && !again.has(runner.name);
          again.add(runner.name);
          if (lost) {
            forget(runner.name);
            await enter(runner.name);
          } else
            tell({
              id,
              name: runner.name,
              state: "failed",
              why: error instanceof Error ? error.message : String(error),
            });
        }
      }
      if (performance.now() - said < 120) continue;
      said = performance.now();
      for (const runner of runners.values()) tell(standing(runner, spent(runner, budget) ? "done" : "running"));
    }
    for (const runner of runners.values()) tell(standing(runner, "done"));
  } finally {
    for (const { predict } of runners.values()) predict.close();
  }
}

/** The CPU backend's numbers: plain loops, which the others are held against. */
async function reference({ input }: Contest, { layer, x }: Model): Promise<ArrayLike<number>> {
  if (known("cpu") === undefined) await opened("cpu");
  const predict = await compile(layer, { input, backend: known("cpu")! });
  const { data } = await predict(x);
  predict.close();
  return data;
}

/** Compiled, compared and warm. */
async function prepared(
  { id, input }: Contest,
  { layer, x, operations }: Model,
  name: BackendName,
  wanted: ArrayLike<number>,
  tick: number,
  budget: number,
): Promise<Runner> {
  let backend = known(name);
  if (backend === undefined) {
    // It was lost in an earlier contest.
    const found = await opened(name);
    if (!found.here) throw new Error(found.why);
    backend = known(name)!;
  }
  const begin = performance.now();
  const predict = await compile(layer, { input, backend });
  const { data } = await predict(x);
  const first = performance.now() - begin;
  const { most: off, share } = difference(data, wanted);
  const told: Timed = { id, name, state: "running", operations, first, difference: off, share };
  // Engines compile what runs often: a quarter of the time is for that, and shows how long a run takes.
  const warmed = performance.now();
  let runs = 0;
  do {
    await predict(x);
    runs++;
  } while (performance.now() - warmed < budget / 4 && runs < most);
  const run = (performance.now() - warmed) / runs;
  // A sample of twenty ticks is off by a twentieth at most.
  return {
    name,
    predict,
    told,
    samples: [],
    each: Math.max(1, Math.ceil((20 * tick) / Math.max(run, 1e-4))),
    spent: 0,
  };
}

async function sample(runner: Runner, x: Float32Array): Promise<void> {
  const begin = performance.now();
  for (let k = 0; k < runner.each; k++) await runner.predict(x);
  const ms = performance.now() - begin;
  runner.samples.push(ms / runner.each);
  runner.spent += ms;
}

const spent = ({ samples, spent: ms }: Runner, budget: number): boolean =>
  samples.length >= most || (ms >= budget && samples.length >= least);

function standing({ told, samples, each }: Runner, state: "running" | "done"): Timed {
  return {
    ...told,
    state,
    runs: samples.length * each,
    each,
    median: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
  };
}
