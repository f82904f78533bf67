/** What the command line says. */
import { parseArgs } from "node:util";
import type { Gpu } from "./browser.ts";
import { systems, systemsOf, type Part } from "./systems.ts";
import type { Budget } from "./turns.ts";
import { workloads, type Workload } from "./workloads.ts";

const own = systems.filter(({ ours }) => ours).map(({ name }) => name);
const peers = systems.filter(({ ours }) => !ours).map(({ name }) => name);

export const usage: string = `pnpm bench [--peers] [--threads 2] [--browser] [--webgpu] [--all] [--only a,b,…] [--backend …] [--against …] [--quick] [--json FILE] [--write]
  (nothing)        our backends in Node, one thread
  --peers          and the peers, in turns with ours, with ratios and goals
  --threads 2      in Node with two threads
  --browser        in isolated pages of Chromium: two threads, cold start, download (with the peers)
  --webgpu         one Chromium, WebGPU: ours and the peers, steady and first run
  --all            --peers, then with --threads 2, then --browser
  --only LIST      workloads: ${workloads.map(({ name }) => name).join(", ")}; cold alone is none of them
  --backend LIST   of ours: ${own.join(", ")}
  --against LIST   of the peers: ${peers.join(", ")}
  --adapter WHICH  of --webgpu: real or swiftshader (real where there is one)
  --cold N         visits of each page for the cold start (7; 0: none)
  --quick          fewer rounds, for a first look
  --json FILE      all samples, for machines
  --write          docs/benchmarks.md, the sections of what ran`;

export interface Options {
  readonly parts: readonly Part[];
  readonly systems: ReadonlySet<string>;
  readonly workloads: readonly Workload[];
  readonly budget: Budget;
  readonly cold: number;
  /** Undefined: a real one where there is one. */
  readonly adapter: Exclude<Gpu, "none"> | undefined;
  readonly json: string | undefined;
  readonly write: boolean;
  /** As it was given. */
  readonly command: string;
}

export function listOf(
  given: string | undefined,
  known: readonly string[],
  what: string,
): readonly string[] | undefined {
  const names = given?.split(",").filter((name) => name !== "");
  const stranger = names?.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`there is no ${what} ${stranger}; there are ${known.join(", ")}`);
  return names;
}

/** Undefined: help is asked for. @throws what is wrong with it. */
export function optionsOf(given: readonly string[]): Options | undefined {
  const args = given.filter((arg) => arg !== "--");
  const flag = { type: "boolean", default: false } as const;
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      peers: flag,
      threads: text,
      browser: flag,
      webgpu: flag,
      all: flag,
      adapter: text,
      only: text,
      backend: text,
      against: text,
      cold: text,
      quick: flag,
      json: text,
      write: flag,
      help: flag,
    },
  });
  if (values.help) return undefined;
  const threads = values.threads ?? "1";
  if (threads !== "1" && threads !== "2") throw new Error(`--threads ${threads}: 1 or 2`);
  const cold = Number(values.cold ?? (values.quick ? 3 : 7));
  if (!Number.isInteger(cold) || cold < 0) throw new Error(`--cold ${values.cold}: a count`);
  const node: Part = threads === "2" ? "node2" : "node";
  const one: Part = values.webgpu ? "webgpu" : values.browser ? "page" : node;
  const parts: readonly Part[] = values.all
    ? ["node", "node2", "page", ...(values.webgpu ? (["webgpu"] as const) : [])]
    : [one];
  const { adapter } = values;
  if (adapter !== undefined && adapter !== "real" && adapter !== "swiftshader")
    throw new Error(`--adapter ${adapter}: real or swiftshader`);
  const here = new Set(parts.flatMap((part) => systemsOf(part)));
  const namesOf = (ours: boolean): string[] =>
    [...here].filter((system) => system.ours === ours && system.asked !== true).map(({ name }) => name);
  const backends = listOf(values.backend, own, "backend") ?? namesOf(true);
  const wanted = values.peers || values.browser || values.webgpu || values.all || values.against !== undefined;
  const against = listOf(values.against, peers, "peer") ?? (wanted ? namesOf(false) : []);
  const names = listOf(values.only, ["cold", ...workloads.map(({ name }) => name)], "workload");
  return {
    parts,
    systems: new Set([...backends, ...against]),
    workloads: names === undefined ? workloads : workloads.filter(({ name }) => names.includes(name)),
    budget: values.quick ? { total: 2000, rounds: 10 } : { total: 10_000, rounds: 40 },
    cold: names === undefined || names.includes("cold") || values.cold !== undefined ? cold : 0,
    adapter,
    json: values.json,
    write: values.write,
    command: ["pnpm bench", ...args].join(" "),
  };
}
