import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadMnist } from "./mnist.ts";

let empty = "";
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), "tatami-start-"));
});
afterAll(() => rm(empty, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of this package in a process of its own, as npm does. */
async function command(file: string, flags: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@tatamijs/source", path, ...flags], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, out, err })));
}

/** No MNIST on this machine, and a server that does not answer: port 9 of this machine. */
const offline = (): NodeJS.ProcessEnv => ({
  TATAMI_DATA: "",
  XDG_CACHE_HOME: empty,
  TATAMI_MNIST_URL: "http://127.0.0.1:9/mnist/",
});

test("without MNIST it reads drawn digits, calls them so, says which were never trained on, and ends", async () => {
  const { status, out, err } = await command("start.ts", ["--once"], offline());
  expect([status, err]).toEqual([0, ""]);
  const plain = out.replace(/\s+/g, " ");
  expect(plain).toContain("127.0.0.1:9 does not answer (no network?). Read instead: drawn digits");
  expect(plain).toMatch(/cpu plain TypeScript, 1 thread (9[89]|100)\.\d\d % [\d,]+ —/);
  expect(plain).toMatch(/(9[89]|100)\.\d\d % of the styles never trained on: european, school, american/);
  expect(plain).not.toMatch(/test images|of MNIST/);
  expect(plain.match(/\d {3}[01]\.\d{3}|\d [01]\.\d{3}/g)).toHaveLength(6);
  // No terminal: no colours, no redrawn lines, no line that is too long.
  for (const mark of ["\u001b", "\r", "▀", "█"]) expect(out).not.toContain(mark);
  expect(out.split("\n").every((line) => line.length <= 80)).toBe(true);
  for (const name of ["weights", "digits", "cpu", "all"])
    expect(out).toMatch(new RegExp(`^${name} +\\d+\\.\\d s`, "m"));
});

test("with MNIST it reads its test images", async (context) => {
  const outcome = await loadMnist("test", { network: false });
  if (!outcome.found) return context.skip(`${outcome.line} Set TATAMI_DATA to the folder that holds mnist.`);
  const { status, out, err } = await command("start.ts", []);
  expect([status, err]).toEqual([0, ""]);
  expect(out.replace(/\s+/g, " ")).toMatch(/10,000 test images of MNIST, .* cpu plain .* 99\.\d\d % [\d,]+ —/);
  expect(out).not.toContain("drawn");
});

// Without a GPU that is SwiftShader, which comes with Chromium.
test("--backend webgpu has its row, beside the CPU's", async () => {
  const { status, out, err } = await command("start.ts", ["--backend", "webgpu"], offline());
  expect([status, err]).toEqual([0, ""]);
  const plain = out.replace(/\s+/g, " ");
  expect(plain).toMatch(/webgpu \d+\.\d s (the first 1,000|[\d,]+) drawn digits read/);
  expect(plain).toMatch(
    /webgpu: .* tiles accuracy (9[89]|100)\.\d\d %, [\d,]+ images\/s, differs from cpu by \d\.\de-[56]/,
  );
});

test.each([
  [
    "start.ts",
    ["--weights", "no-such-file"],
    /^error: the digits' weights cannot be used\. .*no file at "no-such-file"/,
  ],
  ["start.ts", ["--twice"], /^error: Unknown option '--twice'/],
  ["train.ts", ["--epochs", "many"], /^error: --epochs is "many"; give a whole number from 1 to 1000/],
  ["train.ts", ["--backend", "abacus"], /^error: .*--backend is "abacus"; give one of cpu/],
])("%s %j: an error in a line or two, and status 1", async (file, flags, text) => {
  const { status, err } = await command(file, flags, offline());
  expect(err).toMatch(text);
  expect(err).not.toMatch(/\n +at /);
  expect(status).toBe(1);
});

test("training says that it needs MNIST", async () => {
  const { status, err } = await command("train.ts", [], offline());
  expect(err).toMatch(/^error: MNIST could not be downloaded: .*Training needs MNIST/);
  expect(status).toBe(1);
});

test.each(["start.ts", "train.ts"])("%s --help", async (file) => {
  const { status, out } = await command(file, ["--", "--help"]);
  expect(out).toMatch(/^(npm start|pnpm train:digits) \[/);
  expect(status).toBe(0);
});
