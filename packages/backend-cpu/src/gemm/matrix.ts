/** One matrix product in memory: act(A · B + bias), each operand as it is or transposed. */
import type { Activation } from "@tatamijs/core/backend";
import { after, store } from "./finish.ts";
import { product, type Size } from "./product.ts";
import { columnsOf, rowsOf } from "./sides.ts";
import { vectorTimesColumns, vectorTimesRows } from "./vector.ts";

export interface MatrixProduct extends Size {
  /** A is [depth, rows]; else [rows, depth]. */
  readonly ta: boolean;
  /** B is [columns, depth]; else [depth, columns]. */
  readonly tb: boolean;
  readonly activation: Activation;
}

export function matrixProduct(
  { rows, columns, depth, ta, tb, activation }: MatrixProduct,
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array | undefined,
  out: Float32Array,
): () => void {
  if (rows * columns === 0) return () => {};
  const start = bias ?? new Float32Array(columns);
  const finish = after(out, undefined, activation);
  if (depth === 0) {
    return () => {
      for (let r = 0; r < rows; r++) out.set(start, r * columns);
      finish(0, out.length);
    };
  }
  // One row leaves no tile to fill (and of one row, transposed and not are the same).
  if (rows <= 2 && (rows === 1 || !ta)) {
    const run = tb ? vectorTimesRows() : vectorTimesColumns();
    const vectors = Array.from({ length: rows }, (_, r) => a.subarray(r * depth, (r + 1) * depth));
    return () => {
      for (let r = 0; r < rows; r++) run(vectors[r]!, b, out, r * columns, start, depth, columns);
      finish(0, rows * columns);
    };
  }
  const save = store();
  const left = ta ? columnsOf(a, 0, rows) : rowsOf(a, 0, depth);
  const right = tb ? rowsOf(b, 0, depth) : columnsOf(b, 0, columns);
  return product({ rows, columns, depth }, left, right, (first, n, column, width) => {
    save(out, first * columns + column, columns, n, width, start, column);
    if (column + width === columns) finish(first * columns, n * columns);
  });
}
