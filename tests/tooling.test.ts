// The rules that package.json files keep: the diagram of who imports whom, versions said once, one release group.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { published, readManifest, workspace } from "../scripts/packages.ts";
import { root } from "../scripts/steps.ts";

/** docs/architecture.md, "Rooms and doors": whom a public package may import at run time. */
const diagram: Readonly<Record<string, readonly string[]>> = {
  "@tatamijs/core": [],
  "@tatamijs/engine": ["@tatamijs/core"],
  "@tatamijs/nn": ["@tatamijs/core"],
  "@tatamijs/train": ["@tatamijs/core", "@tatamijs/engine", "@tatamijs/nn"],
  "@tatamijs/backend-cpu": ["@tatamijs/core"],
  "@tatamijs/backend-wasm": ["@tatamijs/core"],
  "@tatamijs/backend-webgpu": ["@tatamijs/core"],
  "@tatamijs/conformance": ["@tatamijs/core"],
  tatamijs: [
    "@tatamijs/backend-cpu",
    "@tatamijs/backend-wasm",
    "@tatamijs/backend-webgpu",
    "@tatamijs/conformance",
    "@tatamijs/core",
    "@tatamijs/engine",
    "@tatamijs/nn",
    "@tatamijs/train",
  ],
};

const text = (path: string): string => readFileSync(join(root, path), "utf8");

describe.each(published())("$manifest.name", ({ manifest }) => {
  test("imports whom the diagram lets it, and nobody outside tatami", () => {
    expect(diagram).toHaveProperty([manifest.name]);
    const allowed = diagram[manifest.name] ?? [];
    expect(Object.keys(manifest.dependencies ?? {}).filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test("says what a public package must", () => {
    expect(manifest).toMatchObject({ license: "MIT", type: "module", sideEffects: false, engines: { node: ">=20" } });
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      if (typeof target === "string") continue;
      // The inline entry has its binaries in it, which only a build can put there.
      const source = entry === "./inline" ? [] : ["@tatamijs/source"];
      expect(Object.keys(target as object), entry).toEqual([...source, "types", "import"]);
    }
  });
});

test("every version stands in the catalog, once", () => {
  for (const { folder, manifest } of [{ folder: ".", manifest: readManifest(".") }, ...workspace()]) {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(all))
      expect(version, `${folder}: ${name}`).toMatch(/^(catalog:|workspace:\*)$/);
  }
  const catalog = text("pnpm-workspace.yaml").match(/^ {2}.+: .+$/gm) ?? [];
  for (const line of catalog.filter((one) => !/: (true|false)$/.test(one))) expect(line).toMatch(/: \d+\.\d+\.\d+$/);
});

test("the pnpm of the first install is the pinned one", () => {
  const { packageManager } = JSON.parse(text("package.json")) as { packageManager: string };
  expect(text("pnpm-workspace.yaml")).toContain(`\n  pnpm: ${packageManager.replace("pnpm@", "")}\n`);
});

test("all public packages are released together", () => {
  const { fixed } = JSON.parse(text(".changeset/config.json")) as { fixed: string[][] };
  const names = published().map(({ manifest }) => manifest.name);
  expect(fixed.map((group) => group.toSorted())).toEqual([names.toSorted()]);
  expect(new Set(published().map(({ manifest }) => manifest.version)).size).toBe(1);
});

test("no package names an address that does not exist", () => {
  for (const folder of [".", ...workspace().map((one) => one.folder)]) {
    for (const field of ["repository", "homepage", "bugs", "author"])
      expect(readManifest(folder), folder).not.toHaveProperty(field);
  }
});
