/** `pnpm bench:gpu`: the WebGPU backend on this machine's GPU, in Node with Dawn. Without a GPU it is tried on SwiftShader. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machineOf } from "./machine.ts";
import { listOf } from "./options.ts";
import { writeSections } from "./report.ts";
import { messageOf, say } from "./say.ts";
import { sweep, ways } from "./sweep.ts";
import { sweepHeader, sweepLine, sweepNotes, sweepSection } from "./sweepTable.ts";
import { bigWorkloads, workloads, type Workload } from "./workloads.ts";

const all: readonly Workload[] = [...workloads, ...bigWorkloads].filter(({ kind }) => kind !== "train");
const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);

const usage = `pnpm bench:gpu [--only a,matmul2048,…] [--ways direct,gpu,…] [--peak GF/s] [--json FILE] [--write]
  --only LIST   workloads: ${names(all).join(", ")}
  --ways LIST   of ${names(ways).join(", ")}
  --peak GF/s   what the chip's data sheet promises in f32, to be told a share of that as well
  --json FILE   all figures, for machines
  --write       docs/benchmarks.md, the section of this`;

async function main(given: readonly string[]): Promise<void> {
  const args = given.filter((arg) => arg !== "--");
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args,
    options: { only: text, ways: text, peak: text, json: text, write: flag, help: flag },
  });
  if (values.help) {
    say(usage);
    return;
  }
  const only = listOf(values.only, names(all), "workload") ?? names(all);
  const wanted = listOf(values.ways, names(ways), "way") ?? names(ways);
  const peak = values.peak === undefined ? undefined : Number(values.peak);
  if (peak !== undefined && !(peak > 0)) throw new Error(`--peak ${values.peak}: GF/s`);
  const machine = machineOf();
  let ceiling = 0;
  const found = await sweep(
    all.filter(({ name }) => only.includes(name)),
    ways.filter(({ name }) => wanted.includes(name)),
    (adapter, loop) => {
      ceiling = loop;
      say(`${adapter}; ${machine.processor}, ${machine.cores} cores; Node ${machine.node}; ${machine.date}`);
      say(`Ceiling: ${loop.toFixed(0)} GF/s in a bare loop on the adapter.\n`);
      say(sweepHeader(wanted));
    },
    (row) => say(sweepLine(row, wanted, { ceiling, peak })),
  );
  const told = sweepNotes(found.rows);
  if (told.length > 0) say(`\n${told.map((note) => `–  ${note}`).join("\n")}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, ...found }, undefined, 1)}\n`);
  if (values.write) {
    writeSections(new Map([["gpu", sweepSection(found, machine, peak, ["pnpm bench:gpu", ...args].join(" "))]]));
    say("\nWritten to docs/benchmarks.md.");
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
