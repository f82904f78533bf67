// The layer as a product of matrices, and the way back: sections 11 and 12.
import { feeds, im2col } from "@tatamijs/core/explain";
import { at, conv, frameOf, sign } from "./cells.ts";
import { stroke } from "./example.ts";
import { grid, named } from "./grid.ts";
import { column, row, text, type Drawn } from "./svg.ts";

/** The windows as rows of a matrix, the filter as a column; one pixel at all its places. */
export function matrix(): Drawn {
  const laid = im2col(conv(), stroke);
  const pixel = 5; // row 1, column 1
  const hit = (r: number, k: number): string => (laid.from[r]![k] === pixel ? "hit" : "map");
  return row(
    [
      named(grid(stroke[0]!, { cell: 26, kind: (r, c) => (r * 4 + c === pixel ? "hit" : "map") }), "x"),
      sign("→"),
      named(grid(laid.matrix, { cell: 26, kind: hit }), `(${laid.rows.length}, ${laid.columns.length})`),
      sign("×"),
      named(grid(laid.weights, { cell: 26, kind: "filter" }), `(${laid.columns.length}, 1)`),
      sign("="),
      named(grid(laid.product, { cell: 26, kind: "out" }), `(${laid.product.length}, 1)`),
    ],
    14,
  );
}

/** Where one pixel goes, and so whence its gradient comes: under each window that covers it lies another weight. */
export function gradient(): Drawn {
  const { cells } = feeds(conv(), stroke, { y: 1, x: 1 });
  const small = (digits: string): string => digits.replaceAll(/\d/g, (d) => "₀₁₂₃₄"[Number(d)]!);
  const panels = cells.map(({ y, x, kernel }) => {
    const map = grid(stroke[0]!, {
      cell: 28,
      kind: (r, c) => (r === 1 && c === 1 ? "hit" : "map"),
      frames: [frameOf(at(y, x))],
    });
    return column([map, text(`g${small(`${y}${x}`)} · w${small(kernel.join(""))}`, "math")], 10);
  });
  return row(
    panels.flatMap((panel, i) => (i === 0 ? [panel] : [sign("+"), panel])),
    14,
  );
}
