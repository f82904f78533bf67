// The grid of the house: a row is an op, a column a package, and a file has the op's name in every column. Prints the
// table and every hole: an op without a meaning, a primitive without a kernel, a file that no op explains.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { composites, primitives } from "@tatamijs/core";
import { root } from "./steps.ts";

const rows = "packages/core/src/ops";

interface Column {
  readonly name: string;
  readonly folder: string;
  /** A composite may be missing: it is opened into its expansion. */
  readonly opens: boolean;
}

const columns: readonly Column[] = [
  { name: "conformance", folder: "packages/conformance/src/ops", opens: false },
  { name: "cpu", folder: "packages/backend-cpu/src/kernels", opens: true },
  { name: "wasm", folder: "packages/backend-wasm/src/kernels", opens: true },
  { name: "webgpu", folder: "packages/backend-webgpu/src/kernels", opens: true },
];

export interface Row {
  readonly op: string;
  readonly composite: boolean;
  /** The file's name in every column, without its ending. */
  readonly file: string;
}

/** Which file holds an op: core's table of records says it by its imports. */
export function grid(): readonly Row[] {
  const index = readFileSync(join(root, rows, "index.ts"), "utf8");
  const files = new Map<string, string>();
  for (const [, names = "", file = ""] of index.matchAll(/import \{([^}]*)\} from "\.\/(\w+)\.ts"/g)) {
    for (const name of names.split(",")) files.set(name.trim(), file);
  }
  const record = (op: string): string => new RegExp(`^  ${op}: (\\w+),$`, "m").exec(index)?.[1] ?? `${op}Op`;
  const row =
    (composite: boolean) =>
    (op: string): Row => ({ op, composite, file: files.get(record(op)) ?? op });
  return [...Object.keys(primitives).map(row(false)), ...Object.keys(composites).map(row(true))];
}

/** A file of the op's own name, or the file of the family it belongs to in core: `conv2dInputGrad` may live in `conv2d`. */
const has = (column: Column, { op, file }: Row): boolean =>
  [op, file].some((name) => existsSync(join(root, column.folder, `${name}.ts`)));

/** Every hole and every stray file, in words. None: the grid is whole. */
export function holes(all: readonly Row[] = grid()): readonly string[] {
  const missing = columns.flatMap((column) =>
    all
      .filter((row) => !has(column, row) && !(row.composite && column.opens))
      .map((row) => `${row.op} has no ${column.folder}/${row.file}.ts`),
  );
  const known = new Set(all.flatMap((row) => [row.op, row.file]));
  const strays = columns.flatMap((column) => {
    const folder = join(root, column.folder);
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^\w+\.ts$/.test(name)) : [];
    const files = names.map((name) => name.replace(/\.ts$/, "")).filter((name) => name !== "index");
    return [...new Set(files)]
      .filter((file) => !known.has(file))
      .map((file) => `${column.folder}/${file}.ts is named after no op of core`);
  });
  return [...missing, ...strays];
}

function table(all: readonly Row[]): string {
  const cell = (row: Row, column: Column): string =>
    has(column, row) ? "yes" : row.composite && column.opens ? "opened" : "MISSING";
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => text.padEnd(i === 0 ? 24 : 13))
      .join("")
      .trimEnd();
  const body = all.map((row) =>
    line([row.op, row.composite ? "composite" : "primitive", ...columns.map((column) => cell(row, column))]),
  );
  return [line(["op", "", ...columns.map((column) => column.name)]), ...body].join("\n");
}

if (import.meta.main) {
  const all = grid();
  const found = holes(all);
  console.log([table(all), ...found].join("\n"));
  process.exitCode = found.length > 0 ? 1 : 0;
}
