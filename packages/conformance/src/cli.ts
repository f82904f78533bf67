/**
 * The kit at the terminal.
 *
 *     pnpm conformance --backend cpu [--op conv2d] [--case ID] [--random 20000 --seed 7] [--keep-going] [--trace] [--time] [--out FOLDER]
 *
 * A backend is the name of a package @tatamijs/backend-NAME, or a path to a module that exports a function `backend`. A
 * failure prints the line that runs it again. Writes report.json and report.md. Exits 1 for a failure, or when nothing ran.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { OpName } from "@tatamijs/core";
import { findCase } from "./cases.ts";
import { chosen, opened, type Open, type Options } from "./conformance.ts";
import { kits } from "./kits.ts";
import type { AnyBackend } from "./memory.ts";
import { prove } from "./prove.ts";
import { markdown, report } from "./report.ts";
import { showResult, type Result } from "./result.ts";
import { trace } from "./trace.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Flags extends Options {
  readonly backend: string;
  readonly keepGoing: boolean;
  readonly trace: boolean;
  readonly time: boolean;
  readonly out: string | undefined;
}

/** @throws Error for a flag that is none, or a value that it cannot have. */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      backend: { type: "string", default: "cpu" },
      op: { type: "string", multiple: true },
      case: { type: "string" },
      random: { type: "string" },
      seed: { type: "string" },
      "keep-going": { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      time: { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  const ops = values.op?.flatMap((list) => list.split(","));
  const unknown = ops?.find((op) => !(op in kits));
  if (unknown !== undefined)
    throw new Error(`--op ${unknown}: there is no such op; use one of ${Object.keys(kits).join(", ")}`);
  return {
    backend: values.backend,
    ops: ops as OpName[] | undefined,
    id: values.case,
    random: wholeOf("random", values.random),
    seed: wholeOf("seed", values.seed),
    keepGoing: values["keep-going"],
    trace: values.trace,
    time: values.time,
    repeat: values.time ? 20 : 1,
    out: values.out,
  };
}

function wholeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`--${name} ${text}: give a whole number`);
}

/** The backend of a package or of a module at a path. @throws Error when there is none. */
async function find(name: string): Promise<Open> {
  const path = /[./\\]/.test(name);
  const from = path ? pathToFileURL(resolve(name)).href : `@tatamijs/backend-${name}`;
  const found = (await import(from)) as Readonly<Record<string, unknown>>;
  const open = found[path ? "backend" : name];
  if (typeof open !== "function") throw new Error(`${from} exports no function ${path ? "backend" : name}`);
  return open as Open;
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  const begin = performance.now();
  const got = await opened(async () => (await find(flags.backend))());
  if ("failure" in got) {
    print(showResult(got.failure));
    process.exitCode = 1;
    return;
  }
  const { backend } = got;
  // Node ends, content, when nothing is left to wait for; a promise that nobody keeps is nothing.
  let pending = "";
  process.on("beforeExit", () => {
    if (pending === "") return;
    print(`fail     ${pending}: the backend never answered: a promise of read, link, settle or close was not kept`);
    process.exit(1);
  });
  print(`${backend.name}: ${backend.traits.variant}`);
  const results: Result[] = [];
  for (const item of chosen(flags)) {
    let failed = false;
    pending = item.id;
    for await (const result of item.check(backend)) {
      results.push(result);
      if (flags.time && result.ms !== undefined) print(`${result.ms.toFixed(4).padStart(10)} ms  ${result.id}`);
      if (result.status === "fail") await explain(backend, result, flags);
      failed ||= result.status === "fail";
    }
    if (failed && !flags.keepGoing) break;
  }
  if (flags.id !== undefined && flags.trace && results.every(({ status }) => status !== "fail"))
    await show(backend, flags.id);
  const failed = await sumUp(backend, results, flags, begin);
  pending = "close";
  await backend.close();
  pending = "";
  process.exitCode = failed ? 1 : 0;
}

async function explain(backend: AnyBackend, result: Result, flags: Flags): Promise<void> {
  print(showResult(result));
  print(`         again: pnpm conformance --backend ${flags.backend} --case ${result.id} --trace`);
  if (flags.trace) await show(backend, result.id);
}

async function show(backend: AnyBackend, id: string): Promise<void> {
  const one = findCase(id);
  if (one !== undefined) print((await trace(backend, one)).replace(/^/gm, "    "));
}

/** Prints the counts, writes the report; whether anything failed. */
async function sumUp(backend: AnyBackend, results: readonly Result[], flags: Flags, begin: number): Promise<boolean> {
  const made = report(backend, results);
  const folder = resolve(flags.out ?? join("node_modules", ".cache", "tatami", `conformance-${backend.name}`));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "report.json"), JSON.stringify(made, undefined, 1));
  await writeFile(join(folder, "report.md"), markdown(made));
  const whole = flags.id === undefined && flags.ops === undefined && flags.random === undefined;
  const unseen = whole && made.counts.fail === 0 ? await proved() : 0;
  const cases = new Set(results.map(({ id }) => id)).size;
  const counts = Object.entries(made.counts).map(([status, n]) => `${n} ${status}`);
  print(
    `${cases} cases, checks: ${counts.join(", ")}; ${((performance.now() - begin) / 1000).toFixed(1)} s; ${join(folder, "report.md")}`,
  );
  // Calls with wrong arguments never reach the backend.
  const ran = results.some(({ status, check }) => status === "pass" && (check !== "call" || flags.id !== undefined));
  if (!ran && made.counts.fail === 0) print("fail     the backend ran nothing: it declined all that was asked");
  return made.counts.fail > 0 || !ran || unseen > 0;
}

/** How many broken backends went unseen. */
async function proved(): Promise<number> {
  let all = 0;
  let unseen = 0;
  for await (const { name, caught } of prove()) {
    all++;
    if (caught !== undefined) continue;
    unseen++;
    print(`fail     broken backend not caught: ${name}`);
  }
  print(`${all - unseen} of ${all} broken backends caught`);
  return unseen;
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  });
}
