// The library as a consumer sees it: the tarballs installed in an empty project, typechecked, bundled with Vite, and run
// by plain Node; and the README's example, as written. Nothing is fetched: npm runs offline, TypeScript and Vite are
// called from this repository.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { beforeAll, expect, test } from "vitest";
import { root } from "../scripts/steps.ts";
import { temporaryFolder } from "./support/folder.ts";
import { installPacked, type Ran, runIn, systemNode } from "./support/project.ts";

const folder = temporaryFolder();
const expected = "wasm 1 2 2 2 0 0 0 0 6 8 12 14\ncpu 1 2 2 2 0 0 0 0 6 8 12 14\nsize-fractional\n";

const inProject = (command: string, ...args: string[]): Ran => runIn(folder, command, ...args);

/** TypeScript as a strict project has it, without Node's types. */
const tsc = (module: string, lib: string, ...args: string[]): Ran => {
  const options = [
    "--module",
    module,
    "--target",
    "es2022",
    "--lib",
    lib,
    "--strict",
    "--exactOptionalPropertyTypes",
    "--types",
    "",
  ];
  return inProject(join(root, "node_modules", ".bin", "tsc"), ...options, "--outDir", "out", ...args);
};

/** The first block of TypeScript in the README. */
const example = /```ts\n(.*?)```/s.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "";

beforeAll(async () => {
  mkdirSync(join(folder, "src"));
  copyFileSync(join(import.meta.dirname, "fixtures", "consumer", "main.ts"), join(folder, "src", "main.ts"));
  writeFileSync(join(folder, "src", "example.ts"), example);
  writeFileSync(join(folder, "index.html"), '<!doctype html><script type="module" src="./src/main.ts"></script>');
  await installPacked(folder);
});

test("the tarballs bring no other package with them", () => {
  const names = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  expect(names.toSorted()).toEqual(["@tatamijs", "tatamijs"]);
});

test.each([
  { module: "nodenext", lib: "es2022,dom,esnext.disposable", skip: "false" },
  { module: "preserve", lib: "esnext,dom", skip: "false" },
  { module: "preserve", lib: "es2022,dom", skip: "true" },
])("TypeScript: module $module, lib $lib, skipLibCheck $skip", ({ module, lib, skip }) => {
  const ran = tsc(module, lib, "--skipLibCheck", skip, "--noEmit", "src/main.ts", "src/example.ts");
  expect(ran).toEqual({ status: 0, output: "" });
});

/** The README's block of which a line is red. */
const typed = /```ts\n((?:(?!```).)*stride: 3.*?)```/s.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "";

test.each([
  { compiler: "tsc", module: "nodenext", resolution: "nodenext" },
  { compiler: "tsc", module: "esnext", resolution: "bundler" },
  { compiler: "tsc6", module: "nodenext", resolution: "nodenext" },
  { compiler: "tsc6", module: "esnext", resolution: "bundler" },
])("shapes in types: $compiler, moduleResolution $resolution", ({ compiler, module, resolution }) => {
  writeFileSync(join(folder, "src", "typed.ts"), typed);
  const options = ["--strict", "--noEmit", "--skipLibCheck", "--target", "es2022", "--lib", "esnext,dom"];
  const { output } = inProject(
    join(root, "node_modules", ".bin", compiler),
    ...[...options, "--module", module, "--moduleResolution", resolution, "--pretty", "false", "src/typed.ts"],
  );
  const red = output.split("\n").filter((line) => line.includes("error TS"));
  expect(red, output).toHaveLength(1);
  const line = typed.split("\n").findIndex((one) => one.includes("stride: 3")) + 1;
  expect(red[0]).toContain(`src/typed.ts(${line},`);
  expect(red[0]).toContain("conv2d: OH = (7 + 2·0 − 3)/3 + 1 is not an integer");
});

test("the kit's entry for Node's own test runner runs", () => {
  writeFileSync(
    join(folder, "kit.mjs"),
    `import { conformance } from "@tatamijs/conformance/node-test";
import { cpu } from "@tatamijs/backend-cpu";
conformance(cpu, { ops: ["detach"] });`,
  );
  const { status, output } = inProject(systemNode, "kit.mjs");
  expect(status, output).toBe(0);
  expect(output).toMatch(/pass [1-9]\d*/);
});

test("runs in plain Node", () => {
  expect(tsc("nodenext", "esnext,dom", "--noCheck", "src/main.ts").output).toBe("");
  expect(inProject(systemNode, "out/main.js")).toEqual({ status: 0, output: expected });
});

test("the README's example runs as it is written, in plain Node", () => {
  expect(example).toContain('from "tatamijs"');
  expect(tsc("nodenext", "esnext,dom", "--noCheck", "src/example.ts").output).toBe("");
  const { status, output } = inProject(systemNode, "out/example.js");
  expect(status, output).toBe(0);
  expect(output).toMatch(/^\[ 1, 2, 2, 2 \] Float32Array\(8\)/);
  const losses = Array.from(output.matchAll(/^\d+ (0\.\d+)$/gm), ([, loss]) => Number(loss));
  expect(losses).toHaveLength(8);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  expect(existsSync(join(folder, "brighter.safetensors"))).toBe(true);
});

test("is bundled by Vite, and the bundle runs", async () => {
  await build({
    root: folder,
    configFile: false,
    // The bundle runs from its folder here, not from a server's root.
    base: "./",
    logLevel: "error",
    build: { target: "es2022", modulePreload: false },
  });
  const assets = join(folder, "dist", "assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  for (const script of scripts)
    expect(readFileSync(join(assets, script), "utf8"), script).not.toMatch(/from ?["'](@?tatami|node:)/);
  const entry = /src="\.\/(assets\/[^"]+)"/.exec(readFileSync(join(folder, "dist", "index.html"), "utf8"))?.[1] ?? "";
  expect(inProject(systemNode, join("dist", entry))).toEqual({ status: 0, output: expected });
});
