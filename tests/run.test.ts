// scripts/run.mjs in a toy checkout whose npx and pnpm only write down that they were called.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { root } from "../scripts/steps.ts";
import { temporaryFolder } from "./support/folder.ts";

const systemNode = process.env["TATAMI_SYSTEM_NODE"] ?? process.execPath;
const folder = temporaryFolder();
const checkout = join(folder, "checkout");
const calls = join(folder, "calls");

function program(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

const pnpm = `[ "$1" = --version ] || echo "pnpm $1 $2" >> ${calls}`;

beforeEach(() => {
  rmSync(checkout, { recursive: true, force: true });
  rmSync(calls, { force: true });
  for (const name of ["packages/core", "apps/bench", "template", "scripts", "node"])
    mkdirSync(join(checkout, name), { recursive: true });
  for (const name of [".", "packages/core", "apps/bench", "template"]) {
    writeFileSync(
      join(checkout, name, "package.json"),
      JSON.stringify({ type: "module", packageManager: "pnpm@1.2.3" }),
    );
  }
  writeFileSync(join(checkout, "pnpm-lock.yaml"), "one");
  writeFileSync(
    join(checkout, "scripts", "test.ts"),
    "console.log(process.argv.slice(2), process.env.npm_package_name);",
  );
  copyFileSync(join(root, "scripts", "run.mjs"), join(checkout, "scripts", "run.mjs"));
  const bin = join(checkout, "node_modules", ".bin");
  const files = `mkdir -p ${bin}; ln -sf ${process.execPath} ${bin}/node; cp ${folder}/pnpm ${bin}/pnpm`;
  program(join(folder, "pnpm"), pnpm);
  program(join(folder, "bin", "npx"), `echo "npx $*" >> ${calls}; ${files}`);
});

function runTest(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, PATH: `${join(folder, "bin")}:/usr/bin:/bin`, npm_package_name: "from-npm" };
  return spawnSync(systemNode, ["scripts/run.mjs", ...args], { cwd: checkout, env, encoding: "utf8" });
}

const called = (): string[] => (existsSync(calls) ? readFileSync(calls, "utf8").trimEnd().split("\n") : []);

test("npx serves the first install, nothing the second, and the installed pnpm a changed lockfile", () => {
  expect(runTest("test", "conv")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^set-up +[\d.]+ s {2}installed\n\[ 'conv' \] undefined\n$/),
  });
  expect(called()).toEqual([expect.stringMatching(/^npx --yes pnpm@1\.2\.3 install --frozen-lockfile /)]);

  expect(runTest("test").stdout).toMatch(/^set-up +[\d.]+ s {2}nothing to install$/m);
  expect(called()).toHaveLength(1);

  writeFileSync(join(checkout, "pnpm-lock.yaml"), "two");
  expect(runTest("test").stdout).toMatch(/^set-up +[\d.]+ s {2}installed$/m);
  expect(called().slice(1)).toEqual(["pnpm install --frozen-lockfile"]);
});

test("an install that fails says what it said, and is tried again", () => {
  program(join(folder, "bin", "npx"), `echo "npx" >> ${calls}; echo "no such registry" >&2; exit 3`);
  for (const times of [1, 2]) {
    const { status, stderr } = runTest("test");
    expect(status).toBe(1);
    expect(stderr).toContain("no such registry");
    expect(stderr).toContain("set-up failed: npx --yes pnpm@1.2.3 install");
    expect(called()).toHaveLength(times);
  }
});

test("the job's exit status is the command's", () => {
  writeFileSync(join(checkout, "scripts", "test.ts"), "process.exitCode = 7;");
  expect(runTest("test").status).toBe(7);
});

test("an unknown job is named", () => {
  expect(runTest("dance")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('"dance" is not a job; wanted start or test'),
  });
});
