/** The reverse: all output cells that one input cell goes to. */
import type { Fed, Feeds, Field, InputCell, Tap } from "./data.ts";
import type { Explained, ExplainOptions, Given } from "./given.ts";
import { chosen, partsAt } from "./pooling.ts";
import { checkCell, traced, valuesUnder, windowAt, type Traced } from "./traced.ts";
import { above, below, type Axis } from "./window.ts";

/**
 * All cells of a layer's output that one cell of its input feeds, and with what weight: the gradient's way back, and a
 * transposed convolution's way forth.
 *
 *     feeds(nn.conv2d(1, 1, 3), pixels, { y: 2, x: 2 }).cells             // nine cells, each through another element of the filter
 *
 * `layer`, `input` and errors are those of `explain`; of several layers it is the last window's map whose cell is meant, (N, C, H, W).
 * Of a dense layer, `n` is a row and `x` an input feature.
 */
export function feeds(layer: Explained, input: Given, cell: InputCell, options: ExplainOptions = {}): Feeds {
  return feedsOf(traced(layer, input, options, "feeds"), cell);
}

/** `feeds` of what was read already. */
export function feedsOf(t: Traced, cell: InputCell): Feeds {
  const [n, c, y, x] = checkCell([cell.n, cell.c, cell.y, cell.x], t.input, ["n", "c", "y", "x"], "feeds");
  const value = t.value(n, c, y, x);
  const [rows, columns] = [reached(t, 0, y), reached(t, 1, x)];
  const cells = t.filtersOf(c).flatMap((f) =>
    rows.flatMap((row) =>
      columns.map((column): Fed => {
        const weight = weightOf(t, n, f, c, row, column);
        const product = weight === 0 && t.weights === undefined ? 0 : weight * value + 0;
        return { f, y: row.reads, x: column.reads, kernel: [row.kernel, column.kernel], weight, product };
      }),
    ),
  );
  const span = spanOf(rows, columns);
  return {
    op: t.op,
    cell: { n, c, y, x },
    input: t.input,
    output: t.output,
    geometry: t.geometry,
    value,
    cells,
    ...(span === undefined ? {} : { span }),
  };
}

/** The output rows (columns) that read row `at` of the map, each with the kernel's row, ascending. */
function reached({ op, geometry, border }: Traced, axis: Axis, at: number): Tap[] {
  const repeats = Array.from(border[axis] ?? []).flatMap((row, place) =>
    row === at ? [place - geometry.padding[axis]] : [],
  );
  const places = repeats.length === 0 ? [at] : repeats;
  return places
    .flatMap((place) => (op === "convTranspose2d" ? below(geometry, axis, place) : above(geometry, axis, place)))
    .filter(({ reads }) => reads >= 0)
    .sort((a, b) => a.reads - b.reads || a.kernel - b.kernel);
}

function weightOf(t: Traced, n: number, f: number, c: number, row: Tap, column: Tap): number {
  if (t.weights !== undefined) return t.weight(f, c, row.kernel, column.kernel);
  if (t.op === "avgPool2d") return 1 / partsAt(t, row.reads, column.reads);
  const window = windowAt(t, row.reads, column.reads);
  const [i, j] = chosen(window, valuesUnder(t, window, n, f));
  return i === row.kernel && j === column.kernel ? 1 : 0;
}

function spanOf(rows: readonly Tap[], columns: readonly Tap[]): Field | undefined {
  const ends = (taps: readonly Tap[]): readonly [number, number] => [taps[0]!.reads, taps.at(-1)!.reads];
  return rows.length === 0 || columns.length === 0 ? undefined : { rows: ends(rows), columns: ends(columns) };
}
