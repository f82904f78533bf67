/** What a run found, as data: the tables, the goals, the page and --json are made of it. */
import type { CeilingName } from "./agent.ts";
import type { Cold } from "./cold.ts";
import { median, ratio } from "./statistics.ts";
import { webPeers, type Part } from "./systems.ts";

/** Programs that sum in different orders stay well below this share of the largest value. */
export const tolerance = 1e-4;

export type Cell =
  | {
      readonly samples: readonly number[];
      readonly error: number;
      /** Of WebGPU: milliseconds from weights in hand to the first answer, all compiling in it. */
      readonly first?: number;
    }
  /** It could not, and why. */
  | { readonly failed: string };

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly multiplyAdds: number;
  /** GF/s of the bare loops, the better of before and after. */
  readonly ceiling: { readonly [name in CeilingName]?: number };
  /** By the entry's id. */
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Column {
  readonly id: string;
  readonly ours: boolean;
  readonly version: string;
}

export interface PartResult {
  readonly part: Part;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly cold: readonly Cold[];
  /** Of WebGPU: what the adapter calls itself. */
  readonly adapter?: string;
}

export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  readonly v8: string;
  readonly chromium?: string;
}

/** Samples of a cell whose answer is right. */
export function samplesOf(row: Row, id: string): readonly number[] | undefined {
  const cell = row.cells[id];
  return cell === undefined || "failed" in cell || !(cell.error <= tolerance) || cell.samples.length === 0
    ? undefined
    : cell.samples;
}

/** The faster of the peers that pages can use, of those with these threads. */
export function fasterPeer(row: Row, threads: number): string | undefined {
  const ids = webPeers.map((name) => (threads === 1 ? name : `${name} ×${threads}`));
  const times = ids.flatMap((id) => {
    const samples = samplesOf(row, id);
    return samples === undefined ? [] : [{ id, time: median(samples) }];
  });
  return times.toSorted((a, b) => a.time - b.time)[0]?.id;
}

export function ratioOf(row: Row, theirs: string, ours: string): number | undefined {
  const [a, b] = [samplesOf(row, theirs), samplesOf(row, ours)];
  return a === undefined || b === undefined ? undefined : ratio(a, b);
}

export function gigaflops(row: Row, id: string): number | undefined {
  const samples = samplesOf(row, id);
  return samples === undefined ? undefined : (2 * row.multiplyAdds) / median(samples) / 1e6;
}

/** Of the ceiling that its backend has: a bare loop on the adapter, f32x4 in wasm, doubles in plain JavaScript. */
export function shareOfCeiling(row: Row, id: string): number | undefined {
  const speed = gigaflops(row, id);
  const ceiling = row.ceiling[id.startsWith("cpu") ? "js" : id.startsWith("webgpu") ? "gpu" : "f32x4"];
  return speed === undefined || ceiling === undefined ? undefined : speed / ceiling;
}

/** Milliseconds of the first run of a cell whose answer is right. */
export function firstOf(row: Row, id: string): number | undefined {
  const cell = row.cells[id];
  return cell === undefined || "failed" in cell || !(cell.error <= tolerance) ? undefined : cell.first;
}

/** The fastest first answer of the peers whose answers are right, by ours. */
export function firstRatio(row: Row, ours: string): { readonly value: number; readonly peer: string } | undefined {
  const own = firstOf(row, ours);
  const peers = webPeers.flatMap((peer) => {
    const time = firstOf(row, peer);
    return time === undefined ? [] : [{ peer, time }];
  });
  const best = peers.toSorted((a, b) => a.time - b.time)[0];
  return own === undefined || best === undefined ? undefined : { value: best.time / own, peer: best.peer };
}
