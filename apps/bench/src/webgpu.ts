/** The part of WebGPU: one Chromium for all systems, and for each workload a fresh one, so that a first run finds nothing compiled. */
import type { Gpu } from "./browser.ts";
import type { Hosted } from "./hostNode.ts";
import { openInPage } from "./hostPage.ts";
import { measure } from "./measure.ts";
import type { Options } from "./options.ts";
import type { Cell, Column, Row } from "./results.ts";
import { messageOf } from "./say.ts";
import { entriesOf, entryOf, systems } from "./systems.ts";

export interface Chosen {
  readonly gpu: Exclude<Gpu, "none">;
  readonly adapter: string;
}

async function adapterWith(gpu: Chosen["gpu"]): Promise<string> {
  const own = systems.find(({ name }) => name === "webgpu")!;
  const [opened] = await openInPage([entryOf(own, 1)], gpu);
  if ("failed" in opened!) throw new Error(opened.failed);
  try {
    return (await opened!.ask({ do: "adapter" })) as string;
  } finally {
    await opened!.close();
  }
}

/** @throws where the adapter that was asked for, or any, is not here. */
export async function chooseAdapter(wanted: Options["adapter"]): Promise<Chosen> {
  if (wanted !== "swiftshader") {
    try {
      const adapter = await adapterWith("real");
      if (!adapter.includes("(a processor)")) return { gpu: "real", adapter };
      if (wanted === "real") throw new Error(`Chromium finds only ${adapter}`);
    } catch (error) {
      if (wanted === "real") throw new Error(`no GPU for Chromium here: ${messageOf(error)}`, { cause: error });
    }
  }
  return { gpu: "swiftshader", adapter: await adapterWith("swiftshader") };
}

/** `line` is called for each row as it comes. */
export async function webgpuRows(
  options: Options,
  { gpu }: Chosen,
  line: (row: Row, columns: readonly Column[]) => void,
): Promise<{ columns: Column[]; rows: Row[] }> {
  const entries = entriesOf("webgpu", options.systems);
  const columns: Column[] = entries.map(({ id, system }) => ({ id, ours: system.ours, version: "–" }));
  const rows: Row[] = [];
  // Peers take seconds where they are played by a processor: what is asked of them is asked less often.
  const budget = { total: options.budget.total * 0.6, rounds: options.budget.rounds / 2 };
  for (const workload of options.workloads) {
    const opened = await openInPage(entries, gpu);
    const failed: Record<string, Cell> = {};
    const hosted: Hosted[] = [];
    for (const [k, one] of opened.entries()) {
      if ("failed" in one) failed[one.entry.id] = { failed: one.failed };
      else {
        hosted.push(one);
        columns[k] = { ...columns[k]!, version: one.version };
      }
    }
    if (hosted.length === 0)
      throw new Error(`no system opens: ${opened.map((one) => ("failed" in one ? one.failed : "")).join("; ")}`);
    try {
      const measured = await measure(workload, hosted, { budget, ceilings: ["gpu"], first: true });
      const row = { ...measured, cells: { ...measured.cells, ...failed } };
      rows.push(row);
      line(row, columns);
    } finally {
      for (const one of hosted) await one.close();
    }
  }
  return { columns, rows };
}
