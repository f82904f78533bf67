// The WASM backend out of its tarball: without configuration in Vite, esbuild, plain pages and Node. What needs other tools
// than this repository's is in packaging.slow.test.ts.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { build, createLogger, createServer, type InlineConfig } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { expectRight, here, packagingProject, page, single, unisolated, visitIn, whole } from "./support/packaging.ts";
import { canRunPages, isolation, visit } from "./support/page.ts";
import { linesOf } from "./support/project.ts";

const folder = temporaryFolder();
/** Nothing but what is named; `'wasm-unsafe-eval'` is what WebAssembly needs. */
const strict: Readonly<Record<string, string>> = {
  ...isolation,
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' http://127.0.0.1:*",
};

/** How a page is served. */
const served = { isolated: isolation, "not isolated": {}, "strict policy": strict } as const;

beforeAll(() => packagingProject(folder));

describe("Vite", () => {
  const said: string[] = [];
  const customLogger = createLogger("silent");
  customLogger.warn = (text) => said.push(text);
  customLogger.warnOnce = customLogger.warn;
  customLogger.error = customLogger.warn;
  const config: InlineConfig = { root: folder, configFile: false, logLevel: "warn", customLogger };

  test.skipIf(!canRunPages()).for([
    { name: "main", isolated: true },
    { name: "main", isolated: false },
    { name: "inWorker", isolated: true },
    { name: "inline", isolated: false },
  ])("dev: $name, isolated $isolated", async ({ name, isolated }) => {
    const server = await createServer({
      ...config,
      server: { host: "127.0.0.1", port: 0, hmr: false, ...(isolated ? { headers: isolation } : {}) },
    });
    await server.listen();
    try {
      const got = await visit(`${server.resolvedUrls!.local[0]}${name}.html`);
      expectRight(got, name === "inline" ? single : name === "inWorker" ? here : isolated ? whole : unisolated);
    } finally {
      await server.close();
    }
    expect(said.splice(0)).toEqual([]);
  });

  describe("build", () => {
    beforeAll(async () => {
      const input = ["main", "inWorker", "inline"].map((name) => join(folder, `${name}.html`));
      await build({ ...config, build: { rolldownOptions: { input } } });
    });

    test("says nothing, and carries the binaries and the workers along", () => {
      expect(said.splice(0)).toEqual([]);
      const assets = readdirSync(join(folder, "dist", "assets"));
      expect(assets.filter((name) => name.endsWith(".wasm"))).toHaveLength(6);
      expect(assets.filter((name) => /^(host|thread|rest)-.*\.js$/.test(name))).toHaveLength(4);
    });

    test.skipIf(!canRunPages()).for([
      { name: "main", how: "isolated", info: whole },
      { name: "main", how: "not isolated", info: unisolated },
      { name: "main", how: "strict policy", info: whole },
      { name: "inWorker", how: "strict policy", info: here },
      { name: "inline", how: "strict policy", info: single },
    ] as const)("$name, $how", async ({ name, how, info }) => {
      expectRight(await visitIn(join(folder, "dist"), `${name}.html`, served[how]), info);
    });
  });
});

describe("esbuild", () => {
  // In a folder beside which the package's binaries and workers are copied, which esbuild leaves to its user.
  const site = join(folder, "site");
  const carried = join(folder, "node_modules", "@tatamijs", "backend-wasm");
  const warnings: unknown[] = [];

  beforeAll(async () => {
    const options = { absWorkingDir: folder, bundle: true, minify: true, logLevel: "silent" } as const;
    const pages = ["main", "binary", "inWorker", "worker"].map((name) => `${name}.js`);
    const modules = await esbuild({
      ...options,
      entryPoints: pages,
      format: "esm",
      splitting: true,
      outdir: "site/js",
    });
    const script = await esbuild({ ...options, entryPoints: ["inline.js"], format: "iife", outdir: "site/js" });
    warnings.push(...modules.warnings, ...script.warnings);
    for (const name of ["binaries", "workers"]) cpSync(join(carried, name), join(site, name), { recursive: true });
    cpSync(join(carried, "binaries"), join(site, "elsewhere"), { recursive: true });
    for (const name of ["main", "binary", "inWorker"])
      writeFileSync(join(site, `${name}.html`), page(`./js/${name}.js`));
    writeFileSync(join(site, "inline.html"), '<!doctype html><body><script src="./js/inline.js"></script>');
    mkdirSync(join(site, "bare"));
    cpSync(join(site, "js"), join(site, "bare", "js"), { recursive: true });
    writeFileSync(join(site, "bare", "main.html"), page("./js/main.js"));
  });

  test("says nothing", () => {
    expect(warnings).toEqual([]);
  });

  test.skipIf(!canRunPages()).for([
    { name: "main", info: whole },
    { name: "inWorker", info: here },
    { name: "inline", info: single },
  ])("$name", async ({ name, info }) => {
    expectRight(await visitIn(site, `${name}.html`, strict), info);
  });

  test.skipIf(!canRunPages())("binary: a string, a Response, a function", async () => {
    const [string, response, chosen] = (await visitIn(site, "binary.html")) as unknown[];
    expectRight(string, { build: "simd", threads: 1, worker: true });
    expectRight(response, { build: "relaxed", threads: 1, worker: true });
    expectRight(chosen, whole);
  });

  test.skipIf(!canRunPages())("that policy is no empty word: one without 'wasm-unsafe-eval' is an error", async () => {
    const policy = { "content-security-policy": "script-src 'self'" };
    await expect(visitIn(site, "main.html", policy)).rejects.toThrow(/Content Security Policy/);
  });

  test.skipIf(!canRunPages())("without the copies the error says what to do", async () => {
    await expect(visitIn(join(site, "bare"), "main.html")).rejects.toThrow(
      /relaxed-threads\.wasm was answered with 404.*folder binaries.*wasm\(\{ binary \}\).*\/inline/,
    );
  });
});

describe("no bundler", () => {
  const packages = ["core", "engine", "nn", "train", "backend-cpu", "backend-wasm"];
  const imports = {
    tatamijs: "./node_modules/tatamijs/dist/index.js",
    "@tatamijs/core/backend": "./node_modules/@tatamijs/core/dist/backend.js",
    "@tatamijs/backend-wasm/inline": "./node_modules/@tatamijs/backend-wasm/dist/inline.js",
    ...Object.fromEntries(
      packages.map((name) => [`@tatamijs/${name}`, `./node_modules/@tatamijs/${name}/dist/index.js`]),
    ),
    "#files": "./node_modules/tatamijs/dist/files-page.js",
  };

  test.skipIf(!canRunPages()).for([
    { name: "main", how: "isolated", info: whole },
    { name: "main", how: "not isolated", info: unisolated },
    { name: "inline", how: "not isolated", info: single },
  ] as const)("a page with an import map: $name, $how", async ({ name, how, info }) => {
    writeFileSync(join(folder, `plain-${name}.html`), page(`./${name}.js`, imports));
    expectRight(await visitIn(folder, `plain-${name}.html`, served[how]), info);
  });
});

describe("Node", () => {
  const run = (file: string): string[] => linesOf(folder, process.execPath, file);

  test.each([
    { file: "main.js", info: here },
    { file: "inline.js", info: single },
  ])("$file", ({ file, info }) => {
    const [line = "", ...more] = run(file);
    expect(more).toEqual([]);
    expectRight(JSON.parse(line), info);
  });

  test("binary: every form", () => {
    const lines = run("binaries.js").map((line) => /^(\w+) (.*)$/.exec(line)!);
    expect(lines.map(([, form]) => form)).toEqual(["url", "string", "response", "bytes", "module", "function"]);
    for (const [, form, text = ""] of lines)
      expectRight(JSON.parse(text), form === "function" ? here : { build: "simd", threads: 1 });
  });
});
