/** The sweep of a GPU in Node (Dawn): each workload on each way that the backend has to run it, kept busy and one at a time. */
import { openInNode, type Hosted } from "./hostNode.ts";
import { answerOfCpu } from "./measure.ts";
import { tolerance } from "./results.ts";
import type { Opening } from "./runner.ts";
import { messageOf, progress } from "./say.ts";
import { multiplyAdds } from "./shapes.ts";
import { difference, median } from "./statistics.ts";
import type { Workload } from "./workloads.ts";

export interface Way {
  readonly name: string;
  readonly opening: Omit<Opening, "threads">;
}

/** Profiles, and where Winograd is not to be; "gpu" on what it measures (but on fallback adapters), and on each tile. */
export const ways: readonly Way[] = [
  ...(["direct", "gpu"] as const).flatMap((profile): Way[] => [
    { name: profile, opening: { profile } },
    { name: `${profile}-strict`, opening: { profile, precision: "strict" } },
  ]),
  ...(["32x32", "32x64", "64x32", "64x64", "64x64-wide", "8x128"] as const).map((tile): Way => ({
    name: tile,
    opening: { profile: "gpu", tile },
  })),
];

export type SweepCell =
  | {
      /** Milliseconds of a run among many that are waited for once, and of one whose answer is read. */
      readonly busy: number;
      readonly single: number;
      readonly first: number;
      readonly error: number;
    }
  | { readonly failed: string };

export interface SweepRow {
  readonly name: string;
  readonly title: string;
  readonly multiplyAdds: number;
  readonly cells: Readonly<Record<string, SweepCell>>;
}

export interface Sweep {
  readonly adapter: string;
  /** GF/s of a bare loop. */
  readonly ceiling: number;
  readonly ways: readonly string[];
  readonly rows: readonly SweepRow[];
}

/** GF/s of a cell whose answer is right. */
export function speedOf({ multiplyAdds: count }: SweepRow, cell: SweepCell | undefined): number | undefined {
  return cell === undefined || "failed" in cell || !(cell.error <= tolerance)
    ? undefined
    : (2 * count) / cell.busy / 1e6;
}

/** Milliseconds that the samples of one cell may take. */
const budget = 1500;

async function cellOf({ ask }: Hosted, workload: Workload, wanted: Float32Array): Promise<SweepCell> {
  try {
    await ask({ do: "prepare", workload: workload.name });
    const error = difference(wanted, (await ask({ do: "answer" })) as Float32Array);
    const first = (await ask({ do: "first" })) as number;
    const best = (await ask({ do: "warm", ms: budget / 3 })) as number;
    const count = Math.max(1, Math.min(100, Math.floor(budget / 5 / best)));
    // What takes so long is busy by itself: its one run is both.
    const slow = best > budget;
    const rounds = slow ? 0 : 5;
    const busy = slow ? [best] : [];
    const single = slow ? [best] : [];
    for (let round = 0; round < rounds; round++) {
      busy.push((await ask({ do: "burst", count })) as number);
      single.push((await ask({ do: "sample", count: Math.min(count, 10) })) as number);
    }
    await ask({ do: "close" });
    return { busy: median(busy), single: median(single), first, error };
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

/** Each way has a process of its own for each workload, so that its first run finds nothing compiled. `line` hears of each row. */
export async function sweep(
  workloads: readonly Workload[],
  chosen: readonly Way[],
  opened: (adapter: string, ceiling: number) => void,
  line: (row: SweepRow) => void,
): Promise<Sweep> {
  const open = ({ name, opening }: Way): Promise<Hosted> =>
    openInNode({
      id: name,
      threads: 1,
      system: { name: "webgpu", ours: true, module: "./ours/webgpu.ts", opening, threads: { gpu: [1] } },
    });
  const judge = await open(chosen[0]!);
  const adapter = (await judge.ask({ do: "adapter" })) as string;
  const ceiling = (await judge.ask({ do: "ceiling", of: "gpu" })) as number;
  await judge.close();
  opened(adapter, ceiling);
  const rows: SweepRow[] = [];
  for (const workload of workloads) {
    progress(`${workload.title}: the CPU's answer …`);
    const wanted = await answerOfCpu(workload.name);
    const cells: Record<string, SweepCell> = {};
    for (const way of chosen) {
      progress(`${workload.title}: ${way.name} …`);
      const hosted = await open(way);
      cells[way.name] = await cellOf(hosted, workload, wanted);
      await hosted.close();
    }
    progress("");
    const row = { name: workload.name, title: workload.title, multiplyAdds: multiplyAdds(workload.make()), cells };
    rows.push(row);
    line(row);
  }
  return { adapter, ceiling, ways: chosen.map(({ name }) => name), rows };
}
