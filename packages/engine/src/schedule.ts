/**
 * The order of the steps. Greedy in live bytes: of the steps whose operands are there, the one that adds least (what its
 * output takes minus what it is the last to read). Where the order of the graph has the lower peak, that one is taken.
 */
import type { Tensor } from "@tatamijs/core";
import { largestLiveSet, type Life } from "./arena.ts";

export interface Job {
  readonly node: Tensor;
  /** Temporaries it reads, each once. */
  readonly reads: readonly Tensor[];
  /** Bytes its output takes of the arena; 0 when it lies elsewhere. */
  readonly bytes: number;
}

/** `jobs` come with operands before users; `order` adds pairs that no value says. `reorder: false` keeps the order as near as may be. */
export function schedule(
  jobs: readonly Job[],
  order: readonly (readonly [Tensor, Tensor])[],
  sizes: ReadonlyMap<Tensor, number>,
  reorder: boolean,
): Job[] {
  const index = new Map(jobs.map((job, i) => [job.node, i]));
  const next: number[][] = jobs.map(() => []);
  const waits = new Int32Array(jobs.length);
  const link = (before: number | undefined, after: number | undefined): void => {
    if (before === undefined || after === undefined) return;
    next[before]!.push(after);
    waits[after]!++;
  };
  jobs.forEach((job, i) => {
    for (const x of job.reads) link(index.get(x), i);
  });
  for (const [before, after] of order) link(index.get(before), index.get(after));

  const plain = inOrder(jobs, next, waits.slice(), () => 0);
  if (!reorder) return plain;
  const left = new Map<Tensor, number>();
  for (const job of jobs) for (const x of job.reads) left.set(x, (left.get(x) ?? 0) + 1);
  const greedy = inOrder(
    jobs,
    next,
    waits,
    (job) => {
      let bytes = job.bytes;
      for (const x of job.reads) if (left.get(x) === 1) bytes -= sizes.get(x) ?? 0;
      return bytes;
    },
    (job) => {
      for (const x of job.reads) left.set(x, left.get(x)! - 1);
    },
  );
  return peakOf(greedy, sizes) < peakOf(plain, sizes) ? greedy : plain;
}

function inOrder(
  jobs: readonly Job[],
  next: readonly number[][],
  waits: Int32Array,
  cost: (job: Job) => number,
  done: (job: Job) => void = () => {},
): Job[] {
  const ready: number[] = [];
  for (let i = 0; i < jobs.length; i++) if (waits[i] === 0) ready.push(i);
  const out: Job[] = [];
  while (ready.length > 0) {
    let best = 0;
    let least = Infinity;
    for (let k = 0; k < ready.length; k++) {
      const c = cost(jobs[ready[k]!]!);
      if (c < least || (c === least && ready[k]! < ready[best]!)) {
        best = k;
        least = c;
      }
    }
    const i = ready[best]!;
    ready[best] = ready.at(-1)!;
    ready.pop();
    out.push(jobs[i]!);
    done(jobs[i]!);
    for (const j of next[i]!) if (--waits[j]! === 0) ready.push(j);
  }
  return out;
}

/** Bytes alive at once at most. What no job makes is there from the start. */
function peakOf(jobs: readonly Job[], sizes: ReadonlyMap<Tensor, number>): number {
  const lives = new Map<Tensor, Life>();
  jobs.forEach(({ node, reads, bytes }, at) => {
    lives.set(node, { bytes, from: at, to: at });
    for (const x of reads) {
      const { bytes, from } = lives.get(x) ?? { bytes: sizes.get(x) ?? 0, from: -1 };
      lives.set(x, { bytes, from, to: at });
    }
  });
  return largestLiveSet([...lives.values()]);
}
