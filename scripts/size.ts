// What a download costs: everything a package exports, bundled and minified by esbuild, then gzipped (level 9).
// `pnpm size` prints the table; `npm test` counts each limit as a test.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type Outcome, root } from "./steps.ts";

interface Bundle {
  readonly name: string;
  /** Module specifiers; all that each exports is kept. */
  readonly entries: readonly string[];
  /** KB of 1000 bytes, gzipped. */
  readonly limit: number;
}

const bundles: readonly Bundle[] = [
  { name: "core", entries: ["@tatamijs/core", "@tatamijs/core/backend"], limit: 25 },
  {
    name: "CPU path",
    entries: ["@tatamijs/core", "@tatamijs/engine", "@tatamijs/backend-cpu", "@tatamijs/nn"],
    limit: 45,
  },
];

export interface Measured {
  readonly name: string;
  readonly limit: number;
  readonly bytes: number;
  readonly gzipped: number;
}

/** Bundles from dist, as a consumer's bundler would: the packages must have been built. */
export async function measure(bundle: Bundle): Promise<Measured> {
  // Namespaces, because `export *` of two modules silently drops the names that both have.
  const contents = bundle.entries.map((entry, i) => `export * as m${i} from ${JSON.stringify(entry)};`).join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${root}/tests`, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    write: false,
    logLevel: "silent",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { name: bundle.name, limit: bundle.limit, bytes: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

function table(sizes: readonly Measured[]): string {
  const line = (...cells: string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(12))).join("");
  const rows = sizes.map((size) =>
    line(size.name, kilobytes(size.bytes), kilobytes(size.gzipped), `${size.limit.toFixed(1)} KB`),
  );
  return [line("", "minified", "gzipped", "limit"), ...rows].join("\n");
}

const fits = (size: Measured): boolean => size.gzipped > 0 && size.gzipped <= size.limit * 1000;

/** The step of `npm test`. */
export async function sizeStep(): Promise<Outcome> {
  const sizes = await Promise.all(bundles.map(measure));
  const failed = sizes.filter((size) => !fits(size)).length;
  const detail = sizes.map((size) => `${size.name} ${kilobytes(size.gzipped)} of ${size.limit} KB`).join(", ");
  return { passed: sizes.length - failed, failed, skipped: 0, detail, ...(failed > 0 ? { text: table(sizes) } : {}) };
}

if (import.meta.main) {
  const sizes = await Promise.all(bundles.map(measure));
  console.log(table(sizes));
  process.exitCode = sizes.every(fits) ? 0 : 1;
}
