/** One row times a matrix (a dense layer on one example): bound by reading the matrix, so it is read where it lies. */
import { once } from "../once.ts";

/** out[at + j] = Σₖ x[k] · b[j, k] (rows) or b[k, j] (columns), plus bias[j]. */
type Vector = (
  x: Float32Array,
  b: Float32Array,
  out: Float32Array,
  at: number,
  bias: Float32Array,
  depth: number,
  columns: number,
) => void;

/** Elements of x held as doubles at a time. */
const chunk = 8192;

const chunkOf = once(() => new Float64Array(chunk));

export const vectorTimesRows: () => Vector = once(() => {
  const v = chunkOf();
  return (x, b, out, at, bias, depth, columns) => {
    for (let from = 0; from < depth; from += chunk) {
      const n = Math.min(chunk, depth - from);
      for (let k = 0; k < n; k++) v[k] = x[from + k]!;
      for (let j = 0; j < columns; j += 4) {
        // The last four may overlap the ones before; fewer than four read one row again and again.
        const j0 = Math.max(0, Math.min(j, columns - 4));
        const j1 = Math.min(j0 + 1, columns - 1);
        const j2 = Math.min(j0 + 2, columns - 1);
        const j3 = Math.min(j0 + 3, columns - 1);
        let p0 = j0 * depth + from;
        let p1 = j1 * depth + from;
        let p2 = j2 * depth + from;
        let p3 = j3 * depth + from;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let k = 0; k < n; k++) {
          const u = v[k]!;
          s0 += u * b[p0]!;
          s1 += u * b[p1]!;
          s2 += u * b[p2]!;
          s3 += u * b[p3]!;
          p0 = (p0 + 1) | 0;
          p1 = (p1 + 1) | 0;
          p2 = (p2 + 1) | 0;
          p3 = (p3 + 1) | 0;
        }
        if (from > 0) {
          if (j0 < j) {
            // Overlapping columns were added in the pass before this one: only the new ones take this chunk.
            if (j0 >= j) out[at + j0]! += s0;
            if (j1 >= j) out[at + j1]! += s1;
            if (j2 >= j) out[at + j2]! += s2;
            if (j3 >= j) out[at + j3]! += s3;
          } else {
            out[at + j0]! += s0;
            if (j1 > j0) out[at + j1]! += s1;
            if (j2 > j1) out[at + j2]! += s2;
            if (j3 > j2) out[at + j3]! += s3;
          }
        } else {
          out[at + j0] = s0 + bias[j0]!;
          out[at + j1] = s1 + bias[j1]!;
          out[at + j2] = s2 + bias[j2]!;
          out[at + j3] = s3 + bias[j3]!;
        }
      }
    }
  };
});

const sumsOf = once(() => new Float64Array(chunk));

export const vectorTimesColumns: () => Vector = once(() => {
  const sums = sumsOf();
  return (x, b, out, at, bias, depth, columns) => {
    for (let from = 0; from < columns; from += chunk) {
      const n = Math.min(chunk, columns - from);
      for (let j = 0; j < n; j++) sums[j] = bias[from + j]!;
      let k = 0;
      for (; k + 3 < depth; k += 4) {
        const u0 = x[k]!;
        const u1 = x[k + 1]!;
        const u2 = x[k + 2]!;
        const u3 = x[k + 3]!;
        let p0 = k * columns + from;
        let p1 = p0 + columns;
        let p2 = p1 + columns;
        let p3 = p2 + columns;
        for (let j = 0; j < n; j++) {
          sums[j]! += u0 * b[p0]! + u1 * b[p1]! + (u2 * b[p2]! + u3 * b[p3]!);
          p0 = (p0 + 1) | 0;
          p1 = (p1 + 1) | 0;
          p2 = (p2 + 1) | 0;
          p3 = (p3 + 1) | 0;
        }
      }
      for (; k < depth; k++) {
        const u = x[k]!;
        const p = k * columns + from;
        for (let j = 0; j < n; j++) sums[j]! += u * b[p + j]!;
      }
      for (let j = 0; j < n; j++) out[at + from + j] = sums[j]!;
    }
  };
});
