/** The sweep as text, for the terminal and for docs/benchmarks.md. */
import { tolerance, type Machine } from "./results.ts";
import { speedOf, type Sweep, type SweepCell, type SweepRow } from "./sweep.ts";
import { markdownTable, milliseconds } from "./table.ts";

const width = 18;

export const sweepHeader = (ways: readonly string[]): string =>
  `${"ms, GF/s (kept busy)".padEnd(26)}${ways.map((way) => way.padStart(width)).join("")}${"best: of the ceiling".padStart(24)}`;

function text(row: SweepRow, cell: SweepCell | undefined): string {
  if (cell === undefined || "failed" in cell) return "–";
  const time = milliseconds(cell.busy);
  const speed = speedOf(row, cell);
  return speed === undefined ? `${time} WRONG` : `${time} ${milliseconds(speed)}`;
}

/** The fastest way whose answer is right. */
export function bestOf(row: SweepRow): { readonly way: string; readonly speed: number } | undefined {
  const known = Object.entries(row.cells).flatMap(([way, cell]) => {
    const speed = speedOf(row, cell);
    return speed === undefined ? [] : [{ way, speed }];
  });
  return known.toSorted((a, b) => b.speed - a.speed)[0];
}

export interface Peaks {
  readonly ceiling: number;
  /** GF/s of the data sheet, where one was given. */
  readonly peak: number | undefined;
}

function shares(row: SweepRow, { ceiling, peak }: Peaks): string[] {
  const best = bestOf(row);
  if (best === undefined) return peak === undefined ? ["", ""] : ["", "", ""];
  const share = (of: number): string => `${((100 * best.speed) / of).toFixed(1)}%`;
  return [best.way, share(ceiling), ...(peak === undefined ? [] : [share(peak)])];
}

export function sweepLine(row: SweepRow, ways: readonly string[], peaks: Peaks): string {
  const cells = ways.map((way) => text(row, row.cells[way]).padStart(width));
  return `${row.title.padEnd(26)}${cells.join("")}${shares(row, peaks).join(" ").padStart(24)}`;
}

/** Why cells have no time, or a wrong answer. */
export function sweepNotes(rows: readonly SweepRow[]): string[] {
  return rows.flatMap(({ name, cells }) =>
    Object.entries(cells).flatMap(([way, cell]) => {
      if ("failed" in cell) return [`${name}, ${way}: ${cell.failed.split("\n")[0]}`];
      return cell.error <= tolerance
        ? []
        : [`${name}, ${way}: its answer is off by ${cell.error.toExponential(0)} of the largest value`];
    }),
  );
}

export function sweepSection(
  { adapter, ceiling, ways, rows }: Sweep,
  machine: Machine,
  peak: number | undefined,
  command: string,
): string {
  const peaks = { ceiling, peak };
  const head = ["ms, GF/s", ...ways, "best", "of ceiling", ...(peak === undefined ? [] : ["of peak"])];
  const lines = rows.map((row) => [row.title, ...ways.map((way) => text(row, row.cells[way])), ...shares(row, peaks)]);
  const times = rows.map((row) => {
    const way = bestOf(row)?.way;
    const cell = way === undefined ? undefined : row.cells[way];
    const known = cell === undefined || "failed" in cell ? undefined : cell;
    return [
      row.title,
      way ?? "–",
      ...(known === undefined ? ["–", "–"] : [known.single, known.first].map(milliseconds)),
    ];
  });
  const told = sweepNotes(rows);
  return [
    "## WebGPU in Node (Dawn)",
    `${machine.date}; ${adapter}; ${machine.processor}, ${machine.cores} cores; Node ${machine.node}. \`${command}\``,
    "Kept busy: many runs waited for once, with nothing read of a single op, and with a network's input written each time. GF/s count the multiply–adds of the definition.",
    markdownTable([head, ...lines]),
    `Ceiling: ${ceiling.toFixed(0)} GF/s in a bare loop on the adapter.${peak === undefined ? "" : ` Peak by the data sheet: ${peak} GF/s.`}`,
    ...(told.length === 0 ? [] : [told.map((note) => `- ${note}`).join("\n")]),
    markdownTable([["ms, by the best", "", "one run, answer read", "first run"], ...times]),
  ].join("\n\n");
}
