/** `pnpm bench`: our backends, and with --peers what they are measured against, each in a process of its own and in turns. */
import { writeFileSync } from "node:fs";
import { coldStarts } from "./cold.ts";
import { verdicts } from "./goals.ts";
import { openInNode, type Hosted } from "./hostNode.ts";
import { openInPage } from "./hostPage.ts";
import { machineOf } from "./machine.ts";
import { answerOfCpu, measure } from "./measure.ts";
import { optionsOf, usage, type Options } from "./options.ts";
import { installPeers } from "./peers.ts";
import { sectionOf, writeSections } from "./report.ts";
import type { Machine, PartResult, Row } from "./results.ts";
import { messageOf, progress, say } from "./say.ts";
import { entriesOf, systems, type Part, type System } from "./systems.ts";
import { ceilingLine, coldLines, firstLines, goalLines, header, lineOf, notes } from "./table.ts";
import { chooseAdapter, webgpuRows } from "./webgpu.ts";

/** Ours that a browser or a build lacks is told once, here; the others run. */
async function openAll(part: Part, names: ReadonlySet<string>): Promise<Hosted[]> {
  const hosted: Hosted[] = [];
  for (const entry of entriesOf(part, names)) {
    progress(`opening ${entry.id} …`);
    try {
      if (part !== "page") hosted.push(await openInNode(entry));
      else {
        const [opened] = await openInPage([entry]);
        if ("failed" in opened!) throw new Error(opened.failed);
        hosted.push(opened!);
      }
    } catch (error) {
      progress("");
      say(`${entry.id} is left out: ${messageOf(error)}`);
    }
  }
  progress("");
  return hosted;
}

const titles: Readonly<Record<Part, string>> = {
  node: "Node, one thread",
  node2: "Node, two threads",
  page: "Chromium, isolated pages",
  webgpu: "WebGPU in Chromium",
};

/** Only those that a first page is measured with; ours in a worker, as pages have it, and in the page's own thread, as its peers are. */
function coldSystems(names: ReadonlySet<string>): System[] {
  const pages = ["wasm", "tfjs-cpu", "jax-js", "tfjs-wasm", "ort-web"];
  return pages
    .flatMap((name) => systems.filter((system) => system.name === name && names.has(name)))
    .flatMap((system) =>
      system.ours ? [system, { ...system, name: `${system.name}-in-page`, opening: { worker: false } }] : [system],
    );
}

async function runPart(part: Part, options: Options, machine: Machine): Promise<PartResult> {
  const browser = part === "page" || part === "webgpu" ? machine.chromium : undefined;
  say(`\n${titles[part]}${browser === undefined ? "" : ` (${browser})`}\n`);
  const result = part === "webgpu" ? await runWebGpu(options) : await runWasm(part, options);
  const reasons = notes(result.rows);
  if (reasons.length > 0) say(`\n${reasons.map((reason) => `–  ${reason}`).join("\n")}`);
  if (result.rows.length > 0) say(`\n${ceilingLine(result)} ±: half the distance of the quartiles.`);
  const firsts = firstLines(result.rows, result.columns);
  if (firsts.length > 0) say(`\nFirst run: from weights in hand to the first answer\n\n${firsts.join("\n")}`);
  if (result.cold.length > 0) {
    say("\nCold start (import to LeNet's first answer, fresh browser) and download (gzip)\n");
    say(coldLines(result.cold).join("\n"));
  }
  const goals = verdicts(result);
  if (goals.length > 0) say(`\nGoals: must / aim\n\n${goalLines(goals).join("\n")}`);
  return result;
}

async function runWebGpu(options: Options): Promise<PartResult> {
  progress("looking for an adapter …");
  const chosen = await chooseAdapter(options.adapter);
  progress("");
  say(`${chosen.adapter}\n`);
  let headed = false;
  const { columns, rows } = await webgpuRows(options, chosen, (row, known) => {
    if (!headed) say(header(known));
    headed = true;
    say(lineOf(row, known, 1));
  });
  return { part: "webgpu", columns, rows, cold: [], adapter: chosen.adapter };
}

async function runWasm(part: Part, options: Options): Promise<PartResult> {
  const rows: Row[] = [];
  const hosted = options.workloads.length === 0 ? [] : await openAll(part, options.systems);
  const columns = hosted.map(({ entry, version }) => ({ id: entry.id, ours: entry.system.ours, version }));
  if (hosted.length > 0) {
    say(header(columns));
    for (const workload of options.workloads) {
      const ways = { budget: options.budget, ceilings: ["f32x4", "js"], first: false } as const;
      const row = await measure(workload, hosted, ways);
      rows.push(row);
      say(lineOf(row, columns, part === "node" ? 1 : 2));
    }
    for (const one of hosted) await one.close();
  }
  let cold: PartResult["cold"] = [];
  if (part === "page" && options.cold > 0) {
    progress("cold starts …");
    cold = await coldStarts(coldSystems(options.systems), options.cold, await answerOfCpu("lenet1"), (system, error) =>
      say(`${system.name} is left out: ${messageOf(error)}`),
    );
    progress("");
  }
  return { part, columns, rows, cold };
}

async function bench(options: Options): Promise<void> {
  if (options.systems.size === 0) throw new Error("no system to run");
  if ([...options.systems].some((name) => !systems.find((one) => one.name === name)!.ours)) installPeers();
  const machine = machineOf();
  say(`${machine.processor}, ${machine.cores} cores; Node ${machine.node}, V8 ${machine.v8}; ${machine.date}`);
  const results: PartResult[] = [];
  const start = performance.now();
  for (const part of options.parts) results.push(await runPart(part, options, machine));
  say(`\nTook ${((performance.now() - start) / 60_000).toFixed(1)} minutes.`);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ machine, results }, undefined, 1)}\n`);
    say(`\nSamples written to ${options.json}.`);
  }
  if (options.write) {
    const sections = results.map((result) => [result.part, sectionOf(result, machine, options.command)] as const);
    writeSections(new Map(sections));
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
