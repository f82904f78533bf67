/** `pnpm bench`: our CPU backend, and with --peers what it is measured against, in one process and in turns. */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ceiling, type Ceiling } from "./ceiling.ts";
import { inTurns, median, type Budget } from "./clock.ts";
import { seeded } from "./layers.ts";
import { ours } from "./ours/cpu.ts";
import { loadPeers } from "./peers.ts";
import type { Ready, Runner } from "./runner.ts";
import { geometricMean, header, rowOf, type Column, type Row } from "./table.ts";
import { multiplyAdds, workloads, type Workload } from "./workloads.ts";

const usage = `pnpm bench [--peers] [--only a,b,…] [--quick] [--json FILE]
  --peers      also run the peers, in turns with ours, and print ratios
  --only       workloads by name: ${workloads.map((w) => w.name).join(", ")}
  --quick      fewer rounds, for a first look
  --json FILE  all samples, for machines`;

interface Options {
  readonly peers: boolean;
  readonly chosen: readonly Workload[];
  readonly budget: Budget;
  readonly json: string | undefined;
}

function optionsOf(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      peers: { type: "boolean", default: false },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const names = values.only?.split(",");
  const unknown = names?.filter((name) => !workloads.some((w) => w.name === name)) ?? [];
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) console.error(`no workload ${unknown.join(", ")}\n`);
    console.log(usage);
    return undefined;
  }
  return {
    peers: values.peers,
    chosen: names === undefined ? workloads : workloads.filter((w) => names.includes(w.name)),
    budget: values.quick ? { total: 1500, rounds: 10 } : { total: 8000, rounds: 40 },
    json: values.json,
  };
}

async function bench({ peers: wanted, chosen, budget, json }: Options): Promise<void> {
  const peers = wanted ? await loadPeers() : [];
  const runners = [ours, ...peers];
  const loop = ceiling();
  console.log(
    `Node ${process.versions.node}, V8 ${process.versions.v8}, ${cpus()[0]?.model ?? "unknown processor"}, 1 thread\n`,
  );
  console.log(header(peers.map((peer) => `${peer.name} ${peer.version}`)));
  const rows: Row[] = [];
  for (const workload of chosen) {
    const row = await measure(workload, runners, loop, budget);
    rows.push(row);
    console.log(rowOf(row));
  }
  const named = rows.filter((row) => row.target !== undefined);
  peers.forEach((peer, k) => {
    if (named.length > 0)
      console.log(
        `\nGeometric mean over ${named.map((row) => row.name).join(", ")}: ${geometricMean(named, k + 1).toFixed(2)}× ${peer.name}`,
      );
  });
  console.log(
    "\n±: half the distance of the quartiles. GF/s counts every multiply–add of the definition, also those that Winograd's algorithm saves; the ceiling is a bare 4×4 tile loop.",
  );
  if (json !== undefined) {
    const machine = {
      node: process.versions.node,
      v8: process.versions.v8,
      cpu: cpus()[0]?.model,
      date: new Date().toISOString(),
    };
    writeFileSync(json, `${JSON.stringify({ machine, rows }, undefined, 1)}\n`);
    console.log(`Samples written to ${json}.`);
  }
}

async function measure(workload: Workload, runners: readonly Runner[], loop: Ceiling, budget: Budget): Promise<Row> {
  const net = workload.make();
  const input = seeded(
    net.input.reduce((a, b) => a * b, 1),
    7,
  );
  const ready: Ready[] = [];
  for (const runner of runners) ready.push(await runner.prepare(net, input, workload.kind));
  const answers: Float32Array[] = [];
  for (const one of ready) answers.push(await one.answer());
  const times = await inTurns([...ready, loop], budget);
  const [own] = times as [(typeof times)[number]];
  const columns = runners.map((runner, k): Column => {
    const { samples } = times[k]!;
    if (k === 0) return { runner: runner.name, samples };
    return {
      runner: runner.name,
      samples,
      error: difference(answers[0]!, answers[k]!),
      ratios: samples.map((time, r) => time / own.samples[r]!),
    };
  });
  const work = multiplyAdds(net);
  const bare = times.at(-1)!.samples.map((time) => loop.flops / time);
  const ofCeiling = median(own.samples.map((time, r) => (2 * work) / time / bare[r]!));
  for (const one of ready) await one.close();
  const { name, title, target } = workload;
  return {
    name,
    title,
    multiplyAdds: work,
    columns,
    ofCeiling,
    ...(target === undefined ? {} : { target }),
  };
}

function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  let scale = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= most)) most = d;
    scale = Math.max(scale, Math.abs(a[i]!));
  }
  return most / scale;
}

const options = optionsOf(process.argv.slice(2));
if (options === undefined) process.exitCode = 1;
else {
  bench(options).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
