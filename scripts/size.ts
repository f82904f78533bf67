// What a download costs, bundled by esbuild as a page would be (minified, split at `import()`), each file then gzipped (level 9).
// Of packages, everything they export, and every file counts. Two programs are *run*: what counts is what a run of them fetches,
// and beside it stands what the bundle holds for other programs. `pnpm size` prints the table; `npm test` counts each limit as
// a test. `pnpm size --source` measures the sources instead of dist.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type OutputFile } from "esbuild";
import type * as predicting from "../tests/fixtures/size/predict.ts";
import type * as onWasm from "../tests/fixtures/size/wasm.ts";
import type * as training from "../tests/fixtures/size/train.ts";
import { type Outcome, root } from "./steps.ts";

interface Bundle {
  readonly name: string;
  /** Module specifiers of which all that each exports is kept, or a program in tests/fixtures/size and how it is run. */
  readonly of: readonly string[] | Program;
  /** KB of 1000 bytes, gzipped. */
  readonly limit: number;
  /** The limit is where we are, so that growth is noticed. */
  readonly promised?: false;
}

interface Program {
  readonly file: string;
  /** Files of the WASM backend that a run fetches besides, as `binaries/relaxed.wasm`. */
  readonly files?: readonly string[];
  run(module: unknown): Promise<unknown>;
}

const train: Program = {
  file: "train.ts",
  run: (module) => (module as typeof training).train([[new Float32Array(32 * 28 * 28), new Int32Array(32)]]),
};

const predict: Program = {
  file: "predict.ts",
  run: (module) => (module as typeof predicting).predict(new Float32Array(28 * 28)),
};

/** As a page has it that is not isolated: the backend in a worker, one thread; and in the caller's thread. */
const wasmProgram = (worker: boolean): Program => ({
  file: "wasm.ts",
  files: ["binaries/relaxed-first.wasm", ...(worker ? ["workers/host.js"] : [])],
  run: (module) =>
    (module as typeof onWasm).predict(new Float32Array(28 * 28), { build: "relaxed", threads: 1, worker }),
});

const bundles: readonly Bundle[] = [
  { name: "core, everything", of: ["@tatamijs/core", "@tatamijs/core/backend"], limit: 25 },
  { name: "CPU path, a program that trains", of: train, limit: 45 },
  { name: "CPU path, a program that predicts", of: predict, limit: 45 },
  { name: "WASM path, in a worker of a page", of: wasmProgram(true), limit: 64.5, promised: false },
  { name: "WASM path, in the caller's thread", of: wasmProgram(false), limit: 60 },
  {
    name: "CPU path, everything",
    of: ["@tatamijs/core", "@tatamijs/engine", "@tatamijs/backend-cpu", "@tatamijs/nn"],
    limit: 64,
    promised: false,
  },
];

export interface Measured extends Pick<Bundle, "name" | "limit" | "promised"> {
  readonly bytes: number;
  readonly gzipped: number;
  /** Gzipped: files of the bundle that the run did not fetch. */
  readonly left: number;
}

/** Bundles from dist, as a consumer's bundler would: the packages must have been built. */
export async function measure({ of, ...row }: Bundle, source: boolean = false): Promise<Measured> {
  const contents =
    "file" in of
      ? `export * from "./fixtures/size/${of.file}";`
      : // Namespaces, because `export *` of two modules silently drops the names that both have.
        of.map((entry, i) => `export * as m${i} from ${JSON.stringify(entry)};`).join("\n");
  const place = mkdtempSync(join(tmpdir(), "tatami-size-"));
  const folder = join(place, "bundle");
  try {
    const others = "file" in of ? (of.files ?? []).map((name) => besides(name, place)) : [];
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: `${root}/tests`, loader: "js" },
      bundle: true,
      splitting: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2023",
      conditions: source ? ["@tatamijs/source"] : [],
      entryNames: "entry",
      outExtension: { ".js": ".mjs" },
      outdir: folder,
      write: false,
      logLevel: "silent",
    });
    const loaded = "file" in of ? await fetchedBy(of, outputFiles, join(folder, "entry.mjs")) : outputFiles;
    const fetched = [...loaded, ...others];
    const gzipped = gzippedSize(fetched);
    const bytes = fetched.reduce((sum, { contents: { length } }) => sum + length, 0);
    return { ...row, bytes, gzipped, left: gzippedSize(outputFiles) - gzippedSize(loaded) };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** A file of the WASM backend, laid where a bundle looks for it. */
function besides(name: string, place: string): Pick<OutputFile, "contents"> {
  const contents = readFileSync(join(root, "packages/backend-wasm", name));
  mkdirSync(dirname(join(place, name)), { recursive: true });
  writeFileSync(join(place, name), contents);
  return { contents };
}

/** The files that a run of the program loads. */
async function fetchedBy({ run }: Program, files: readonly OutputFile[], entry: string): Promise<OutputFile[]> {
  for (const { path, contents } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  const loaded = new Set<string>();
  const hooks = registerHooks({
    load(url, context, next) {
      loaded.add(url);
      return next(url, context);
    },
  });
  try {
    await run(await import(pathToFileURL(entry).href));
  } finally {
    hooks.deregister();
  }
  return files.filter(({ path }) => loaded.has(pathToFileURL(path).href));
}

function gzippedSize(files: readonly Pick<OutputFile, "contents">[]): number {
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

function noteOf({ promised, left }: Measured): string {
  const besides = left === 0 ? [] : [`and ${kilobytes(left)} that it does not fetch`];
  const notes = promised === false ? [...besides, "nothing promised; the limit keeps it from growing"] : besides;
  return notes.length === 0 ? "" : `  (${notes.join("; ")})`;
}

function table(sizes: readonly Measured[]): string {
  const width = Math.max(...bundles.map(({ name }) => name.length)) + 2;
  const line = (...cells: string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(width) : cell.padStart(12))).join("");
  const rows = sizes.map((size) =>
    line(size.name, kilobytes(size.bytes), kilobytes(size.gzipped), `${size.limit.toFixed(1)} KB`).concat(noteOf(size)),
  );
  return [line("", "minified", "gzipped", "limit"), ...rows].join("\n");
}

const fits = (size: Measured): boolean => size.gzipped > 0 && size.gzipped <= size.limit * 1000;

/** One after the other: what a program loads is seen by a hook of the whole process. */
async function measureAll(source: boolean = false): Promise<Measured[]> {
  const sizes: Measured[] = [];
  for (const bundle of bundles) sizes.push(await measure(bundle, source));
  return sizes;
}

/** The step of `npm test`. */
export async function sizeStep(): Promise<Outcome> {
  const sizes = await measureAll();
  const failed = sizes.filter((size) => !fits(size)).length;
  const detail = sizes.map((size) => `${size.name} ${kilobytes(size.gzipped)} of ${size.limit} KB`).join("; ");
  return { passed: sizes.length - failed, failed, skipped: 0, detail, ...(failed > 0 ? { text: table(sizes) } : {}) };
}

if (import.meta.main) {
  const sizes = await measureAll(process.argv.includes("--source"));
  console.log(table(sizes));
  process.exitCode = sizes.every(fits) ? 0 : 1;
}
