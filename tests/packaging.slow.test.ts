// The WASM backend out of its tarball, with what must be fetched first: webpack, other versions of Node, Deno and Bun.
import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { expectRight, here, packagingProject, page, single, unisolated, visitIn, whole } from "./support/packaging.ts";
import { canRunPages, isolation } from "./support/page.ts";
import { linesOf } from "./support/project.ts";
import { installTools } from "./support/tools.ts";

const folder = temporaryFolder();
const tools = installTools();
const missing = typeof tools === "string" ? `webpack, Node 22 and 26, Deno and Bun are not tried: ${tools}` : "";
if (missing !== "") console.warn(missing);

describe.skipIf(missing !== "")(missing === "" ? "out of the tarball" : missing, () => {
  const { folder: from, runtimes } = tools as Exclude<typeof tools, string>;
  beforeAll(() => packagingProject(folder));

  describe.each(["Node 22", "Node 26", "Deno", "Bun"])("%s", (name) => {
    const program = runtimes?.get(name);
    const run = (file: string): string[] =>
      linesOf(folder, program!, ...(name === "Deno" ? ["run", "--allow-all"] : []), file);

    test.skipIf(program === undefined).each([
      { file: "main.js", info: here },
      { file: "inline.js", info: single },
    ])("$file", ({ file, info }) => {
      const [line = "", ...more] = run(file);
      expect(more).toEqual([]);
      expectRight(JSON.parse(line), info);
    });

    test.skipIf(program === undefined)("binary: every form", () => {
      const lines = run("binaries.js").map((line) => /^(\w+) (.*)$/.exec(line)!);
      expect(lines).toHaveLength(6);
      for (const [, form, text = ""] of lines)
        expectRight(JSON.parse(text), form === "function" ? here : { build: "simd", threads: 1 });
    });
  });

  describe("webpack", () => {
    const site = join(folder, "webpack");
    const names = ["main", "inWorker", "inline"];
    let said: readonly string[] = ["nothing was built"];

    beforeAll(async () => {
      const webpack = createRequire(join(from, "package.json"))("webpack") as Webpack;
      const entry = Object.fromEntries(names.map((name) => [name, `./${name}.js`]));
      const result = await new Promise<Stats>((resolve, reject) => {
        webpack({ context: folder, mode: "production", entry, output: { path: site } }, (error, stats) =>
          error === null ? resolve(stats!) : reject(error),
        );
      });
      const { errors, warnings } = result.toJson({ all: false, errors: true, warnings: true });
      said = [...errors, ...warnings].map(({ message, moduleName }) => `${moduleName}: ${message}`);
      for (const name of names) writeFileSync(join(site, `${name}.html`), page(`./${name}.js`));
    }, 600_000);

    test("says nothing, and carries the binaries along", () => {
      expect(said).toEqual([]);
      expect(readdirSync(site).filter((name) => name.endsWith(".wasm"))).toHaveLength(6);
    });

    test.skipIf(!canRunPages()).for([
      { name: "main", isolated: true, info: whole },
      { name: "main", isolated: false, info: unisolated },
      { name: "inWorker", isolated: true, info: here },
      { name: "inline", isolated: false, info: single },
    ])("$name, isolated $isolated", async ({ name, isolated, info }) => {
      expectRight(await visitIn(site, `${name}.html`, isolated ? isolation : {}), info);
    });
  });
});

interface Stats {
  toJson(what: object): Readonly<Record<"errors" | "warnings", readonly { message: string; moduleName?: string }[]>>;
}

type Webpack = (options: object, done: (error: Error | null, stats?: Stats) => void) => void;
