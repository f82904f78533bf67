/** One workload on systems that are open: answers compared, then timed in turns. */
import type { CeilingName } from "./agent.ts";
import { openInNode, type Hosted } from "./hostNode.ts";
import type { Options } from "./options.ts";
import { tolerance, type Cell, type Row } from "./results.ts";
import { messageOf, progress } from "./say.ts";
import { multiplyAdds } from "./shapes.ts";
import { consensus, difference } from "./statistics.ts";
import { entryOf, kinOf, systems } from "./systems.ts";
import { inTurns } from "./turns.ts";
import type { Workload } from "./workloads.ts";

/** Our CPU backend has a vote in every run, and the last word where there is no majority: the conformance kit holds it to sums in float64. */
export async function answerOfCpu(workload: string): Promise<Float32Array> {
  const judge = await openInNode(
    entryOf(
      systems.find(({ name }) => name === "cpu")!,
      1,
    ),
  );
  try {
    await judge.ask({ do: "prepare", workload });
    return (await judge.ask({ do: "answer" })) as Float32Array;
  } finally {
    await judge.close();
  }
}

/** The bare loops that the workload's times are held against, before it and after it. */
async function ceilingOf({ ask, entry }: Hosted, names: readonly CeilingName[]): Promise<Row["ceiling"]> {
  const found: Partial<Record<CeilingName, number>> = {};
  for (const of of names)
    if (of !== "gpu" || entry.system.ours) found[of] = (await ask({ do: "ceiling", of })) as number;
  return found;
}

const higher = (a: Row["ceiling"], b: Row["ceiling"]): Row["ceiling"] =>
  Object.fromEntries(Object.entries(a).map(([name, value]) => [name, Math.max(value, b[name as CeilingName]!)]));

export interface Ways {
  readonly budget: Options["budget"];
  readonly ceilings: readonly CeilingName[];
  /** The first run is told as well. */
  readonly first: boolean;
}

export async function measure(workload: Workload, hosted: readonly Hosted[], ways: Ways): Promise<Row> {
  const { name, title } = workload;
  const cells: Record<string, Cell> = {};
  const firsts: number[] = [];
  const answers = [{ kin: "cpu", values: await answerOfCpu(name) }];
  const ready: Hosted[] = [];
  for (const one of hosted) {
    const { id, system } = one.entry;
    if (system.only !== undefined && !system.only.includes(name)) continue;
    progress(`${title}: ${id} …`);
    try {
      await one.ask({ do: "prepare", workload: name });
      const values = (await one.ask({ do: "answer" })) as Float32Array;
      firsts.push((await one.ask({ do: "first" })) as number);
      answers.push({ kin: kinOf(system), values });
      ready.push(one);
    } catch (error) {
      cells[id] = { failed: messageOf(error) };
    }
  }
  progress(`${title}: in turns …`);
  const judge = hosted.find(({ entry }) => entry.system.ours) ?? hosted[0]!;
  const before = await ceilingOf(judge, ways.ceilings);
  const turns = await inTurns(
    ready.map(({ ask }) => ask),
    ways.budget,
  );
  const after = await ceilingOf(judge, ways.ceilings);
  const wanted = answers[consensus(answers, tolerance)]!.values;
  ready.forEach(({ entry }, k) => {
    const first = ways.first ? { first: firsts[k]! } : {};
    cells[entry.id] = { samples: turns[k]!.samples, error: difference(wanted, answers[k + 1]!.values), ...first };
  });
  for (const one of ready) await one.ask({ do: "close" });
  progress("");
  return { name, title, multiplyAdds: multiplyAdds(workload.make()), ceiling: higher(before, after), cells };
}
