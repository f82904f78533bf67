// Maps as grids of numbers, alone and one behind the other; boxes for maps whose cells do not matter.
import { column, path, rect, text, textAt, type Drawn } from "./svg.ts";

export interface Frame {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  /** "window" (a thick line) or "ghost" (a dashed one). */
  readonly kind?: string;
}

export interface GridOptions {
  /** Class of a cell: map, filter, out, pad, hit. */
  readonly kind?: string | ((row: number, column: number) => string);
  readonly cell?: number;
  readonly frames?: readonly Frame[];
  /** Class of a cell's number. */
  readonly ink?: (row: number, column: number) => string;
}

const shown = (value: number | string): string => String(value).replace("-", "−");

export function grid(values: readonly (readonly (number | string)[])[], options: GridOptions = {}): Drawn {
  const { kind = "map", cell = 34, frames = [], ink = () => "" } = options;
  const kindOf = typeof kind === "string" ? () => kind : kind;
  const [height, width] = [values.length * cell, values[0]!.length * cell];
  return {
    width,
    height,
    at: (x, y) =>
      values
        .flatMap((line, r) =>
          line.map(
            (value, c) =>
              rect(x + c * cell, y + r * cell, cell, cell, kindOf(r, c)) +
              (value === ""
                ? ""
                : textAt(shown(value), x + (c + 0.5) * cell, y + (r + 0.5) * cell + 0.5, "value", ink(r, c))),
          ),
        )
        .join("") +
      frames
        .map((f) => rect(x + f.column * cell, y + f.row * cell, f.columns * cell, f.rows * cell, f.kind ?? "window", 3))
        .join(""),
  };
}

/** Something with its name below it; beside others it stands as it would without. */
export function named(drawn: Drawn, name: string): Drawn {
  return { ...column([drawn, text(name, "math")], 8), middle: drawn.middle ?? drawn.height / 2 };
}

/** A box of a map's proportions: depth C, height H, width W, each with its name. */
export function box(
  size: readonly [depth: number, height: number, width: number],
  kind: string,
  names: readonly [string, string, string],
): Drawn {
  const [depth, height, width] = size;
  const slant = depth * 0.5;
  const [left, right, below] = [names[1] === "" ? 0 : 30, 6, names[2] === "" ? 0 : 24];
  return {
    width: left + width + slant + right,
    height: slant + height + below + (names[0] === "" ? 0 : 12),
    at(x0, y0) {
      const [x, y] = [x0 + left, y0 + slant + (names[0] === "" ? 0 : 12)];
      return (
        path(kind, `M${x} ${y}l${slant} ${-slant}h${width}v${height}l${-slant} ${slant}z`) +
        rect(x, y, width, height, kind) +
        path(kind, `M${x + width} ${y}l${slant} ${-slant}`) +
        textAt(names[0], x + slant / 2 - 9, y - slant / 2 - 7, "name") +
        textAt(names[1], x - 16, y + height / 2, "name") +
        textAt(names[2], x + width / 2, y + height + 14, "name")
      );
    },
  };
}
