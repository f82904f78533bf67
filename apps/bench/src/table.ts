/** The results as text: for the terminal, line by line as they come, and for docs/benchmarks.md. */
import type { Cold } from "./cold.ts";
import type { Verdict } from "./goals.ts";
import {
  fasterPeer,
  firstOf,
  gigaflops,
  ratioOf,
  shareOfCeiling,
  tolerance,
  type Column,
  type PartResult,
  type Row,
} from "./results.ts";
import { median, spread } from "./statistics.ts";

export function milliseconds(value: number): string {
  return value.toPrecision(value >= 1000 ? Math.ceil(Math.log10(value + 1)) : 3).replace(/^0(?=\.)/, "");
}

const times = (value: number): string =>
  `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)}×`;

/** Our column to which a peer is compared: with as many threads, the fast one. */
export function ownOf(columns: readonly Column[], threads: number): string | undefined {
  const ours = columns.filter(({ ours }) => ours).map(({ id }) => id);
  return ours.find((id) => id.endsWith(`×${threads}`)) ?? ours.find((id) => !id.includes("×"));
}

export const threadsOf = (id: string): number => Number(/×(\d+)$/.exec(id)?.[1] ?? 1);

/** A cell's time, what it is beside ours, and what is wrong with it. */
export function cellOf(row: Row, column: Column, own: string | undefined): string {
  const cell = row.cells[column.id];
  if (cell === undefined) return "";
  if ("failed" in cell) return "–";
  const time = milliseconds(median(cell.samples));
  if (!(cell.error <= tolerance)) return `${time} WRONG`;
  if (column.ours || own === undefined) return `${time} ±${Math.round(100 * spread(cell.samples))}%`;
  const ratio = ratioOf(row, column.id, own);
  return ratio === undefined ? time : `${time} ${times(ratio)}`;
}

export function speedOf(row: Row, own: string | undefined): string {
  const speed = own === undefined ? undefined : gigaflops(row, own);
  if (speed === undefined) return "";
  return `${speed.toFixed(speed < 100 ? 1 : 0)}  ${Math.round(100 * shareOfCeiling(row, own!)!)}%`;
}

const titleOf = ({ name, title }: Pick<Row, "name" | "title">): string =>
  name.length === 1 ? `${name}  ${title}` : title;

const width = 16;

export function header(columns: readonly Column[]): string {
  const first = "ms".padEnd(33) + columns.map(({ id }) => id.padStart(width)).join("");
  const versions = "of a peer also: times our own".padEnd(33);
  return `${first}${"GF/s  of ceiling".padStart(19)}\n${versions}${columns.map(({ version }) => version.padStart(width)).join("")}`;
}

export function lineOf(row: Row, columns: readonly Column[], most: number): string {
  const cells = columns.map((column) => {
    const own = ownOf(columns, threadsOf(column.id));
    return cellOf(row, column, own).padStart(width);
  });
  return `${titleOf(row).padEnd(33)}${cells.join("")}${speedOf(row, ownOf(columns, most)).padStart(19)}`;
}

/** The best of the bare loops, and what it is. */
export function ceilingLine({ part, rows }: Pick<PartResult, "part" | "rows">): string {
  const name = part === "webgpu" ? "gpu" : "f32x4";
  const best = Math.max(...rows.map(({ ceiling }) => ceiling[name] ?? 0));
  const what = part === "webgpu" ? "in a bare loop on the adapter" : "in f32x4, one thread";
  return `Ceiling: ${best.toFixed(1)} GF/s ${what}.`;
}

/** Rows of first runs: ours in milliseconds, each peer's with its ratio. */
export function firstRows(rows: readonly Row[], columns: readonly Column[]): string[][] {
  return rows.flatMap((row) => {
    const own = ownOf(columns, 1);
    const ours = own === undefined ? undefined : firstOf(row, own);
    const cells = columns.map((column) => {
      const cell = row.cells[column.id];
      if (cell === undefined || "failed" in cell || cell.first === undefined) return "–";
      const time = milliseconds(cell.first);
      if (!(cell.error <= tolerance)) return `${time} WRONG`;
      return column.ours || ours === undefined ? time : `${time} ${times(cell.first / ours)}`;
    });
    return cells.every((cell) => cell === "–") ? [] : [[titleOf(row), ...cells]];
  });
}

export const firstLines = (rows: readonly Row[], columns: readonly Column[]): string[] =>
  firstRows(rows, columns).map(
    ([title, ...cells]) => title!.padEnd(33) + cells.map((cell) => cell.padStart(width)).join(""),
  );

/** Why cells have no time. */
export function notes(rows: readonly Row[]): string[] {
  const reasons = new Map<string, Set<string>>();
  const add = (reason: string, name: string): void => {
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(name));
  };
  for (const row of rows) {
    for (const [id, cell] of Object.entries(row.cells)) {
      if ("failed" in cell) add(`${id}: ${cell.failed.split("\n").slice(0, 2).join(" ").trim()}`, row.name);
      else if (!(cell.error <= tolerance))
        add(`${id}: its answer is off by ${cell.error.toExponential(0)} of the largest value`, row.name);
    }
  }
  return [...reasons].map(([reason, names]) => `${reason} (${[...names].join(", ")})`);
}

const amount = (value: number, unit: Verdict["unit"]): string =>
  unit === "×" ? times(value) : `${value.toFixed(1)} ${unit}`;

const mark = { aim: "✓ aim", must: "✓ must", no: "✗" };

const bounds = ({ must, aim, most }: Verdict): string =>
  `${most === true ? "≤" : "≥"} ${must}${aim === undefined ? "" : ` / ${aim}`}`;

export function goalLines(all: readonly Verdict[]): string[] {
  return all.map((goal) => {
    const value = amount(goal.value, goal.unit).padStart(9);
    const held = mark[goal.holds === "aim" && goal.aim === undefined ? "must" : goal.holds];
    return `${goal.what.padEnd(52)}${value}  ${bounds(goal).padEnd(12)} ${held}${goal.note === undefined ? "" : `  (${goal.note})`}`;
  });
}

export function coldLines(cold: readonly Cold[]): string[] {
  return cold.map(({ system, samples, bytes, error }) => {
    const wrong = error <= tolerance ? "" : "  WRONG";
    return `${system.padEnd(14)}${milliseconds(median(samples)).padStart(8)} ms ±${Math.round(100 * spread(samples))}%${`${(bytes / 1000).toFixed(1)} KB`.padStart(14)}${wrong}`;
  });
}

/** Markdown, its columns padded so that the source reads as well. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, k) => Math.max(3, ...rows.map((cells) => cells[k]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join(" | ")} |`;
  const rule = `| ${widths.map((size, k) => (k === 0 ? "-".repeat(size) : `${"-".repeat(size - 1)}:`)).join(" | ")} |`;
  const [head, ...rest] = rows;
  return [line(head!), rule, ...rest.map(line)].join("\n");
}

export function markdownRows(rows: readonly Row[], columns: readonly Column[], most: number): string[][] {
  const own = ownOf(columns, most);
  const head = ["ms", ...columns.map(({ id }) => id), "faster web peer ÷ ours", "GF/s", "of ceiling"];
  const lines = rows.map((row) => {
    const peer = fasterPeer(row, most);
    const ratio = peer === undefined || own === undefined ? undefined : ratioOf(row, peer, own);
    const [speed = "", part = ""] = speedOf(row, own).split("  ");
    const cells = columns.map((column) => cellOf(row, column, undefined));
    return [titleOf(row), ...cells, ratio === undefined ? "" : times(ratio), speed, part];
  });
  return [head, ...lines];
}

export function markdownGoals(all: readonly Verdict[]): string[][] {
  return [
    ["", "reached", "must / aim", "holds"],
    ...all.map((goal) => [
      goal.what,
      amount(goal.value, goal.unit),
      bounds(goal),
      goal.holds === "no" ? "no" : goal.holds,
    ]),
  ];
}

export function markdownCold(cold: readonly Cold[]): string[][] {
  return [
    ["", "download, gzip", "cold start"],
    ...cold.map(({ system, samples, bytes }) => [
      system,
      `${(bytes / 1000).toFixed(1)} KB`,
      `${milliseconds(median(samples))} ms ±${Math.round(100 * spread(samples))}%`,
    ]),
  ];
}
