// The library as a consumer sees it: the tarballs installed in an empty project, typechecked, bundled with Vite, and run
// by plain Node. Nothing is fetched: npm runs offline, TypeScript and Vite are called from this repository.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "../scripts/steps.ts";
import { temporaryFolder } from "./support/folder.ts";
import { packAll } from "../scripts/pack.ts";

const folder = temporaryFolder();
/** The Node that ran `npm test`: the user's own, which may be older than the pinned one. */
const systemNode = process.env["TATAMI_SYSTEM_NODE"] ?? process.execPath;
const expected = "1 2 2 2 0 0 0 0 6 8 12 14\nsize-fractional\n";

function inProject(command: string, ...args: string[]): { status: number | null; output: string } {
  const env = {
    ...process.env,
    PATH: `${dirname(systemNode)}:${process.env["PATH"]}`,
    npm_config_cache: join(folder, "npm-cache"),
    NODE_OPTIONS: "",
  };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

const tsc = (...args: string[]): { status: number | null; output: string } =>
  inProject(join(root, "node_modules", ".bin", "tsc"), ...args);

function write(name: string, value: unknown): void {
  writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));
}

beforeAll(async () => {
  mkdirSync(join(folder, "src"));
  copyFileSync(join(import.meta.dirname, "fixtures", "consumer", "main.ts"), join(folder, "src", "main.ts"));
  const packed = await packAll(folder);
  write("package.json", { name: "consumer", version: "1.0.0", private: true, type: "module" });
  write("index.html", '<!doctype html><script type="module" src="./src/main.ts"></script>');
  const installed = inProject(
    "npm",
    "install",
    "--offline",
    "--no-audit",
    "--no-fund",
    ...packed.map((one) => `./${basename(one.tarball)}`),
  );
  if (installed.status !== 0) throw new Error(installed.output);
});

test("the tarballs bring no other package with them", () => {
  const names = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  expect(names.toSorted()).toEqual(["@tatamijs", "tatamijs"]);
});

describe.each([
  { module: "nodenext", target: "es2022" },
  { module: "preserve", target: "esnext" },
])("TypeScript, module $module, target $target", ({ module, target }) => {
  const options = ["--strict", "--skipLibCheck", "false", "--exactOptionalPropertyTypes", "--types", ""];
  const args = ["--module", module, "--target", target, ...options, "--outDir", `out-${module}`, "src/main.ts"];

  test("typechecks, the declarations of tatami included", () => {
    expect(tsc(...args)).toEqual({ status: 0, output: "" });
  });
});

test("runs in plain Node", () => {
  const compiled = tsc(
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--types",
    "",
    "--noCheck",
    "--outDir",
    "run",
    "src/main.ts",
  );
  expect(compiled).toEqual({ status: 0, output: "" });
  expect(inProject(systemNode, "run/main.js")).toEqual({ status: 0, output: expected });
});

test("is bundled by Vite, and the bundle runs", async () => {
  await build({ root: folder, configFile: false, logLevel: "error", build: { modulePreload: { polyfill: false } } });
  const assets = join(folder, "dist", "assets");
  const script = readdirSync(assets).find((name) => name.endsWith(".js")) ?? "";
  expect(readFileSync(join(assets, script), "utf8")).not.toMatch(/from ?["']@?tatami/);
  expect(inProject(systemNode, join("dist", "assets", script))).toEqual({ status: 0, output: expected });
});
