/** Times of several things taken in turns (A B C A B C …), so that a drift of the machine meets them all. */

export interface Timed {
  run(): void | Promise<unknown>;
}

export interface Times {
  /** Milliseconds of one run, one sample per round. */
  readonly samples: readonly number[];
}

export interface Budget {
  /** Milliseconds for the rounds of one workload. */
  readonly total: number;
  readonly rounds: number;
}

/** Shortest time that one sample may take: shorter runs are repeated within it. */
const shortest = 4;

async function repeated(timed: Timed, count: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const pending = timed.run();
    if (pending !== undefined) await pending;
  }
  return (performance.now() - start) / count;
}

/** Runs until the compiler is done with it: at least 0.4 s or 300 runs, at least twice. */
async function warm(timed: Timed, most: number): Promise<number> {
  let best = Infinity;
  const start = performance.now();
  for (let i = 0; i < 300 && (i < 2 || performance.now() - start < most); i++)
    best = Math.min(best, await repeated(timed, 1));
  return best;
}

export async function inTurns(all: readonly Timed[], budget: Budget): Promise<Times[]> {
  const counts: number[] = [];
  let round = 0;
  for (const timed of all) {
    const best = await warm(timed, budget.total / 6);
    const count = Math.max(1, Math.ceil(shortest / best));
    counts.push(count);
    round += best * count;
  }
  const rounds = Math.max(3, Math.min(budget.rounds, Math.floor(budget.total / round)));
  const samples: number[][] = all.map(() => []);
  for (let r = 0; r < rounds; r++) {
    for (let i = 0; i < all.length; i++) samples[i]!.push(await repeated(all[i]!, counts[i]!));
  }
  return samples.map((list) => ({ samples: list }));
}

export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low]! + (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!) * (place - low);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Half the distance of the quartiles, as a share of the median. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}
