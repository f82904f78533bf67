/** Agents timed in turns (A B C A B C …), so that a drift of the machine meets them all. */
import type { Agent } from "./agent.ts";

export interface Budget {
  /** Milliseconds for the rounds of one workload. */
  readonly total: number;
  readonly rounds: number;
}

/** Shortest time that one sample may take: shorter runs are repeated within it. */
const shortest = 4;

/** Rounds for what takes so long: its samples are few, and it does not cost the others theirs. */
const slow = (sample: number): number => (sample > 4000 ? 1 : sample > 400 ? 3 : Infinity);

/** Threads that spin for work after a run are given this long to fall asleep, before another system is timed. */
const pause = 3;

export interface Turns {
  /** Milliseconds of one run, one sample per round, from the first round on. */
  readonly samples: readonly number[];
}

export async function inTurns(agents: readonly Agent[], { total, rounds: most }: Budget): Promise<Turns[]> {
  const counts: number[] = [];
  const limits: number[] = [];
  let round = 0;
  for (const ask of agents) {
    const best = (await ask({ do: "warm", ms: total / 12 })) as number;
    const count = Math.max(1, Math.ceil(shortest / best));
    counts.push(count);
    limits.push(slow(best));
    if (slow(best) === Infinity) round += best * count + pause + 1;
  }
  const rounds = Math.max(5, Math.min(most, Math.floor(total / Math.max(1, round))));
  const samples: number[][] = agents.map(() => []);
  for (let r = 0; r < rounds; r++) {
    for (let k = 0; k < agents.length; k++) {
      if (r >= limits[k]!) continue;
      await new Promise((over) => {
        setTimeout(over, pause);
      });
      // The first run after a wait meets cold caches: it is not timed, but where a run is long enough for that not to matter.
      if (limits[k] === Infinity) await agents[k]!({ do: "sample", count: 1 });
      samples[k]!.push((await agents[k]!({ do: "sample", count: counts[k]! })) as number);
    }
  }
  return samples.map((list) => ({ samples: list }));
}
