// What a download costs, bundled and minified by esbuild, then gzipped (level 9): packages with everything they export,
// and two programs of which the bundler keeps what they use. `pnpm size` prints the table; `npm test` counts each limit as
// a test. `pnpm size --source` measures the sources instead of dist.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type Outcome, root } from "./steps.ts";

interface Bundle {
  readonly name: string;
  /** A program in tests/fixtures/size, or module specifiers of which all that each exports is kept. */
  readonly entries: string | readonly string[];
  /** KB of 1000 bytes, gzipped. */
  readonly limit: number;
  /** Where the limit is where we are, so that growth is noticed: what it should be, if anything was promised. */
  readonly ratchet?: number | "nothing promised";
}

const bundles: readonly Bundle[] = [
  { name: "core, everything", entries: ["@tatamijs/core", "@tatamijs/core/backend"], limit: 25 },
  { name: "CPU path, a program that trains", entries: "train.ts", limit: 48.6, ratchet: 45 },
  { name: "CPU path, a program that predicts", entries: "predict.ts", limit: 45 },
  {
    name: "CPU path, everything",
    entries: ["@tatamijs/core", "@tatamijs/engine", "@tatamijs/backend-cpu", "@tatamijs/nn"],
    limit: 62.4,
    ratchet: "nothing promised",
  },
];

export interface Measured extends Pick<Bundle, "name" | "limit" | "ratchet"> {
  readonly bytes: number;
  readonly gzipped: number;
}

/** Bundles from dist, as a consumer's bundler would: the packages must have been built. */
export async function measure(bundle: Bundle, source: boolean = false): Promise<Measured> {
  const { entries, ...row } = bundle;
  const contents =
    typeof entries === "string"
      ? `export * from "./fixtures/size/${entries}";`
      : // Namespaces, because `export *` of two modules silently drops the names that both have.
        entries.map((entry, i) => `export * as m${i} from ${JSON.stringify(entry)};`).join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${root}/tests`, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    conditions: source ? ["@tatamijs/source"] : [],
    write: false,
    logLevel: "silent",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { ...row, bytes: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

const noteOf = (goal: number | "nothing promised"): string =>
  typeof goal === "number" ? `should be ${goal.toFixed(1)} KB, is not yet` : goal;

function table(sizes: readonly Measured[]): string {
  const width = Math.max(...bundles.map(({ name }) => name.length)) + 2;
  const line = (...cells: string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(width) : cell.padStart(12))).join("");
  const rows = sizes.map((size) =>
    line(size.name, kilobytes(size.bytes), kilobytes(size.gzipped), `${size.limit.toFixed(1)} KB`).concat(
      size.ratchet === undefined ? "" : `  (${noteOf(size.ratchet)}; the limit keeps it from growing)`,
    ),
  );
  return [line("", "minified", "gzipped", "limit"), ...rows].join("\n");
}

const fits = (size: Measured): boolean => size.gzipped > 0 && size.gzipped <= size.limit * 1000;

/** The step of `npm test`. */
export async function sizeStep(): Promise<Outcome> {
  const sizes = await Promise.all(bundles.map((bundle) => measure(bundle)));
  const failed = sizes.filter((size) => !fits(size)).length;
  const detail = sizes.map((size) => `${size.name} ${kilobytes(size.gzipped)} of ${size.limit} KB`).join("; ");
  return { passed: sizes.length - failed, failed, skipped: 0, detail, ...(failed > 0 ? { text: table(sizes) } : {}) };
}

if (import.meta.main) {
  const source = process.argv.includes("--source");
  const sizes = await Promise.all(bundles.map((bundle) => measure(bundle, source)));
  console.log(table(sizes));
  process.exitCode = sizes.every(fits) ? 0 : 1;
}
