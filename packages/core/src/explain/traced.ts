/** A layer that was called and read: its numbers by cell. */
import { TatamiError, show } from "../errors.ts";
import { isWhole } from "../operand.ts";
import type { MapShape, Tap, Window } from "./data.ts";
import { called, type Explained, type ExplainOptions, type Given } from "./given.ts";
import { reading, type Reading } from "./reading.ts";
import type { Tensor } from "../tensor.ts";
import { valuesOf, type Values } from "./values.ts";
import { above, below } from "./window.ts";

export interface Traced extends Reading {
  /** What a cell of the map holds. */
  value(n: number, c: number, y: number, x: number): number;
  weight(f: number, c: number, i: number, j: number): number;
  readonly known: Values;
  /** What the whole was called on. */
  readonly x: Tensor;
}

/** @throws TatamiError as `explain`. */
export function traced(layer: Explained, input: Given, options: ExplainOptions, op: string): Traced {
  const { x, y, known } = called(layer, input, options, op);
  const read = reading(x, y, op);
  const map = valuesOf(read.map, known, op);
  const weights = read.weights === undefined ? undefined : valuesOf(read.weights, known, op);
  return {
    ...read,
    x,
    known,
    value: (n, c, row, column) => map[read.mapAt(n, c, row, column)]!,
    weight: (f, c, i, j) => weights![read.weightAt(f, c, i, j)]!,
  };
}

/** The window of the output cell in row `y` and column `x`. */
export function windowAt({ op, geometry, border, input }: Reading, y: number, x: number): Window {
  const [rows, columns] =
    op === "convTranspose2d"
      ? [above(geometry, 0, y), above(geometry, 1, x)]
      : [below(geometry, 0, y, border[0]), below(geometry, 1, x, border[1])];
  const outside = (tap: Tap, size: number): boolean => tap.input < 0 || tap.input >= size;
  return {
    rows,
    columns,
    padding: rows.map((r) => columns.map((c) => outside(r, input[2]) || outside(c, input[3]))),
  };
}

/** A grid over the window. */
export function grid<T>({ rows, columns }: Window, f: (row: Tap, column: Tap, r: number, c: number) => T): T[][] {
  return rows.map((row, r) => columns.map((column, c) => f(row, column, r, c)));
}

/** What the window reads of a channel; 0 where it reads nothing. */
export function valuesUnder(t: Traced, window: Window, n: number, channel: number): number[][] {
  return grid(window, (row, column) =>
    row.reads < 0 || column.reads < 0 ? 0 : t.value(n, channel, row.reads, column.reads),
  );
}

/** @throws TatamiError `argument` for a cell outside the map. */
export function checkCell(given: readonly unknown[], shape: MapShape, names: readonly string[], op: string): MapShape {
  const cell = given.map((value) => value ?? 0);
  for (const [i, value] of cell.entries()) {
    if (isWhole(value, 0, shape[i]! - 1)) continue;
    throw new TatamiError(
      "argument",
      `${names[i]} is ${show(value)}; the map (N, C, H, W) is (${shape.join(", ")}): use 0 to ${shape[i]! - 1}`,
      { op, details: { name: names[i], given: value, shape } },
    );
  }
  return cell as unknown as MapShape;
}
