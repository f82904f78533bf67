/** How the two commands say things: numbers, one line per phase, the table of backends. Pure functions to lines. */

/** A backend's row. */
export interface BackendRow {
  readonly name: string;
  readonly variant: string;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** The largest difference of a score to the CPU backend's; undefined for that one itself. */
  readonly difference: number | undefined;
}

/** Where the words of a phase begin: name, seconds, words stand in columns, those of set-up too. */
const MARGIN = 24;

/** The width to write for: the terminal's, 80 where there is none. */
export function columnsOf(stream: { readonly columns?: number | undefined }): number {
  return stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
}

/** 0.99374 → "99.37 %". Rounded down, so that what is below a limit never reads as the limit. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  // The nudge is for shares such as 0.9907 that have no exact double: 99.07, not 99.06.
  return `${(Math.floor(share * 1e4 + 1e-6) / 100).toFixed(2)} %`;
}

/** 12340 → "12,340", in every locale. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `weights          0.1 s  58,106 parameters …`, folded at `columns` under where the words begin. */
export function phase(name: string, seconds: number, words: string, columns: number): string {
  const head = `${name.padEnd(14)}${seconds.toFixed(1).padStart(6)} s  `;
  return head + folded(words, Math.max(20, columns - MARGIN)).join(`\n${" ".repeat(MARGIN)}`);
}

/** Words in lines of at most `width`, a longer word on a line of its own. */
export function folded(words: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The backends as a table, or one under the other where it is too wide for `columns`. */
export function backendTable(rows: readonly BackendRow[], columns: number): readonly string[] {
  const head = ["backend", "variant", "accuracy", "images/s", "differs from cpu by"];
  const cells = rows.map((row) => [
    row.name,
    row.variant,
    percent(row.accuracy),
    count(row.imagesPerSecond),
    row.difference === undefined ? "—" : difference(row.difference),
  ]);
  const table = [head, ...cells];
  const widths = head.map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)));
  const lines = table.map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
  if (lines.every(({ length }) => length <= columns)) return lines.map((line) => line.trimEnd());
  return cells.flatMap(([name, variant, accuracy, speed, off]) => [
    `${name}: ${variant}`,
    ...folded(`accuracy ${accuracy}, ${speed} images/s, differs from cpu by ${off}`, columns - 2).map(
      (line) => `  ${line}`,
    ),
  ]);
}

function difference(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}
