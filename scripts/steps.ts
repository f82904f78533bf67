// One step of `npm test`: a name, a time, what it counted; and the processes that steps run.
import { spawn } from "node:child_process";
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "..");

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Outcome extends Count {
  /** The rest of the step's line. */
  readonly detail?: string;
  /** What went wrong, or what was skipped and why: printed under the line. */
  readonly text?: string;
}

export interface Finished {
  readonly code: number;
  readonly output: string;
}

const tool = (name: string): string => join(root, "node_modules", ".bin", name);

/** Runs a program from node_modules/.bin (or an absolute path) and keeps what it says, in order. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command.includes("/") ? command : tool(command), args, {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    const output = (): string => Buffer.concat(chunks).toString("utf8").trimEnd();
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: 127, output: `${output()}\n${error.message}` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output: output() }));
  });
}

/** A program whose exit status is the whole answer: one test. */
export async function check(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome> {
  const { code, output } = await run(command, args, env);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0, text: output };
}

/** Several of them at once: one test each. */
export async function checks(commands: readonly (readonly string[])[]): Promise<Outcome> {
  const outcomes = await Promise.all(commands.map(([command = "", ...args]) => check(command, args)));
  const text = outcomes.flatMap((outcome) => outcome.text ?? []).join("\n");
  return { ...sum(outcomes), ...(text === "" ? {} : { text }) };
}

/** Prints the step's one line, and its text where there is one. A step that throws has failed. */
export async function step(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
  process.stdout.write(name.padEnd(14));
  const begin = performance.now();
  const outcome = await work().catch((error: unknown): Outcome => {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      text: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(6);
  const detail =
    outcome.failed > 0
      ? [`${outcome.failed} failed`, outcome.detail].filter(Boolean).join(", ")
      : (outcome.detail ?? "ok");
  console.log(`${seconds} s  ${detail}`);
  if (outcome.text) console.log(outcome.text.replace(/^/gm, "  "));
  return outcome;
}

export function sum(counts: readonly Count[]): Count {
  const total = (key: keyof Count): number => counts.reduce((all, count) => all + count[key], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}
