/** Sides of a product that are matrices in memory. */
import type { Block, Side, Triple } from "./product.ts";

/** Rows of `stride` elements, from `offset`; a block of whole rows is three copies that the runtime does at memory speed. */
export function rowsOf(x: Float32Array, offset: number, stride: number): Side {
  return ({ first, cut, from, depth }: Block, into: Triple) => {
    const starts = [first, first + cut.second, first + cut.third];
    if (depth === stride) {
      const [v0, v1, v2] = starts.map((row) =>
        x.subarray(offset + row * stride, offset + (row + cut.size) * stride),
      ) as [Float32Array, Float32Array, Float32Array];
      const [p0, p1, p2] = into;
      return () => {
        p0.set(v0);
        p1.set(v1);
        p2.set(v2);
      };
    }
    return () => {
      for (let i = 0; i < 3; i++) copyRows(into[i]!, x, offset + starts[i]! * stride + from, stride, cut.size, depth);
    };
  };
}

/** Rows that lie as columns in memory: element k of row r at offset + k · stride + r. */
export function columnsOf(x: Float32Array, offset: number, stride: number): Side {
  return ({ first, cut, from, depth }: Block, into: Triple) => {
    const starts = [first, first + cut.second, first + cut.third];
    return () => {
      for (let i = 0; i < 3; i++) turnRows(into[i]!, x, offset + from * stride + starts[i]!, stride, cut.size, depth);
    };
  };
}

function copyRows(panel: Float64Array, x: Float32Array, at: number, stride: number, rows: number, depth: number): void {
  let to = 0;
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < depth; k++) panel[to++] = x[at + k]!;
    at += stride;
  }
}

function turnRows(panel: Float64Array, x: Float32Array, at: number, stride: number, rows: number, depth: number): void {
  for (let k = 0; k < depth; k++) {
    let to = k;
    for (let r = 0; r < rows; r++) {
      panel[to] = x[at + r]!;
      to += depth;
    }
    at += stride;
  }
}
