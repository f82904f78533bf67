/** `pnpm bench`: our backends, and with --peers what they are measured against, each in a process of its own and in turns. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { findChromium } from "../../../scripts/chromium.ts";
import { coldStarts } from "./cold.ts";
import { verdicts } from "./goals.ts";
import { openInNode, type Hosted } from "./hostNode.ts";
import { openInPage } from "./hostPage.ts";
import { optionsOf, usage, type Options } from "./options.ts";
import { installPeers } from "./peers.ts";
import { pageWith, sectionOf } from "./report.ts";
import { tolerance, type Cell, type Machine, type PartResult, type Row } from "./results.ts";
import { multiplyAdds } from "./shapes.ts";
import { consensus, difference } from "./statistics.ts";
import { entriesOf, entryOf, kinOf, systems, type Part, type System } from "./systems.ts";
import { coldLines, goalLines, header, lineOf, notes } from "./table.ts";
import { inTurns } from "./turns.ts";
import type { Workload } from "./workloads.ts";

const page = new URL("../../../docs/benchmarks.md", import.meta.url);
const say = (line: string = ""): void => console.log(line);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is being done, on a terminal, in the line where the result will stand. */
function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${text}`);
}

function machineOf(): Machine {
  const chromium = findChromium();
  const version = chromium === undefined ? undefined : spawnSync(chromium, ["--version"], { encoding: "utf8" }).stdout;
  const name = version === undefined ? undefined : /Chrom\w+ [\d.]+/.exec(version)?.[0];
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: cpus().length,
    node: process.versions.node,
    v8: process.versions.v8,
    ...(name === undefined ? {} : { chromium: name }),
  };
}

/** Ours that a browser or a build lacks is told once, here; the others run. */
async function openAll(part: Part, names: ReadonlySet<string>): Promise<Hosted[]> {
  const hosted: Hosted[] = [];
  for (const entry of entriesOf(part, names)) {
    progress(`opening ${entry.id} …`);
    try {
      hosted.push(await (part === "page" ? openInPage : openInNode)(entry));
    } catch (error) {
      progress("");
      say(`${entry.id} is left out: ${messageOf(error)}`);
    }
  }
  progress("");
  return hosted;
}

/** Our CPU backend has a vote in every run, and the last word where there is no majority: the conformance kit holds it to sums in float64. */
async function answerOfCpu(workload: string): Promise<Float32Array> {
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

async function measure(workload: Workload, hosted: readonly Hosted[], options: Options): Promise<Row> {
  const { name, title } = workload;
  const cells: Record<string, Cell> = {};
  const answers = [{ kin: "cpu", values: await answerOfCpu(name) }];
  const ready: Hosted[] = [];
  for (const one of hosted) {
    const { id, system } = one.entry;
    if (system.only !== undefined && !system.only.includes(name)) continue;
    progress(`${title}: ${id} …`);
    try {
      await one.ask({ do: "prepare", workload: name });
      const values = (await one.ask({ do: "answer" })) as Float32Array;
      answers.push({ kin: kinOf(system), values });
      ready.push(one);
    } catch (error) {
      cells[id] = { failed: messageOf(error) };
    }
  }
  progress(`${title}: in turns …`);
  const judge = hosted.find(({ entry }) => entry.system.ours) ?? hosted[0]!;
  const ceilingOf = async (of: "f32x4" | "js"): Promise<number> => (await judge.ask({ do: "ceiling", of })) as number;
  const before = [await ceilingOf("f32x4"), await ceilingOf("js")] as const;
  const turns = await inTurns(
    ready.map(({ ask }) => ask),
    options.budget,
  );
  const after = [await ceilingOf("f32x4"), await ceilingOf("js")] as const;
  const wanted = answers[consensus(answers, tolerance)]!.values;
  ready.forEach(({ entry }, k) => {
    cells[entry.id] = { samples: turns[k]!.samples, error: difference(wanted, answers[k + 1]!.values) };
  });
  for (const one of ready) await one.ask({ do: "close" });
  progress("");
  const ceiling = { f32x4: Math.max(before[0], after[0]), js: Math.max(before[1], after[1]) };
  return { name, title, multiplyAdds: multiplyAdds(workload.make()), ceiling, cells };
}

const titles: Readonly<Record<Part, string>> = {
  node: "Node, one thread",
  node2: "Node, two threads",
  page: "Chromium, isolated pages",
};

/** Only those that a first page is measured with. */
function coldSystems(names: ReadonlySet<string>): System[] {
  const pages = ["wasm", "tfjs-cpu", "jax-js", "tfjs-wasm", "ort-web"];
  return pages.flatMap((name) => systems.filter((system) => system.name === name && names.has(name)));
}

async function runPart(part: Part, options: Options, machine: Machine): Promise<PartResult> {
  say(`\n${titles[part]}${part === "page" && machine.chromium !== undefined ? ` (${machine.chromium})` : ""}\n`);
  const rows: Row[] = [];
  const hosted = options.workloads.length === 0 ? [] : await openAll(part, options.systems);
  const columns = hosted.map(({ entry, version }) => ({ id: entry.id, ours: entry.system.ours, version }));
  if (hosted.length > 0) {
    const most = part === "node" ? 1 : 2;
    say(header(columns));
    for (const workload of options.workloads) {
      const row = await measure(workload, hosted, options);
      rows.push(row);
      say(lineOf(row, columns, most));
    }
    for (const one of hosted) await one.close();
    const reasons = notes(rows);
    if (reasons.length > 0) say(`\n${reasons.map((reason) => `–  ${reason}`).join("\n")}`);
    const best = Math.max(...rows.map(({ ceiling }) => ceiling.f32x4));
    say(`\nCeiling: ${best.toFixed(1)} GF/s in f32x4, one thread. ±: half the distance of the quartiles.`);
  }
  let cold: PartResult["cold"] = [];
  if (part === "page" && options.cold > 0) {
    progress("cold starts …");
    cold = await coldStarts(coldSystems(options.systems), options.cold, await answerOfCpu("lenet1"), (system, error) =>
      say(`${system.name} is left out: ${messageOf(error)}`),
    );
    progress("");
    say("\nCold start (import to LeNet's first answer, fresh browser) and download (gzip)\n");
    say(coldLines(cold).join("\n"));
  }
  const result = { part, columns, rows, cold };
  const goals = verdicts(result);
  if (goals.length > 0) say(`\nGoals: must / aim\n\n${goalLines(goals).join("\n")}`);
  return result;
}

async function bench(options: Options): Promise<void> {
  if (options.systems.size === 0) throw new Error("no system to run");
  if ([...options.systems].some((name) => !systems.find((one) => one.name === name)!.ours)) installPeers();
  const machine = machineOf();
  say(`${machine.processor}, ${machine.cores} cores; Node ${machine.node}, V8 ${machine.v8}; ${machine.date}`);
  const results: PartResult[] = [];
  for (const part of options.parts) results.push(await runPart(part, options, machine));
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ machine, results }, undefined, 1)}\n`);
    say(`\nSamples written to ${options.json}.`);
  }
  if (options.write) {
    const old = existsSync(page) ? readFileSync(page, "utf8") : undefined;
    const sections = results.map((result) => [result.part, sectionOf(result, machine, options.command)] as const);
    writeFileSync(page, pageWith(old, new Map(sections)));
    say("\nWritten to docs/benchmarks.md.");
  }
}

try {
  const options = optionsOf(process.argv.slice(2));
  if (options === undefined) say(usage);
  else await bench(options);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
