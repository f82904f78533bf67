/** Registers of the element-wise machine: blocks of 512 doubles, and how values enter and leave them. */
import type { TypedArray } from "@tatamijs/core/backend";
import { once } from "../once.ts";

/** Elements of a register. */
export const blockSize = 512;
/** How many there are. */
export const registerCount = 32;

export const registers: () => Float64Array<ArrayBuffer> = once(() => new Float64Array(blockSize * registerCount));

/**
 * Reads `n` elements into the register at `d`, walking two axes: the inner of `size` elements `inner` apart, the outer
 * `outer` apart; from element `start` of the two. A step of 0 repeats (broadcasting).
 */
export type Load<T> = (
  x: T,
  base: number,
  start: number,
  size: number,
  inner: number,
  outer: number,
  d: number,
  n: number,
) => void;
/** Writes `n` elements of the register at `a` to x[at …]. */
export type Save<T> = (x: T, at: number, a: number, n: number) => void;

export interface Port {
  readonly load: Load<TypedArray>;
  readonly save: Save<TypedArray>;
}

/**
 * One pair of loops per element type. They look alike and must not be one function: a loop that has met two classes of
 * typed array is compiled for both and runs at half the speed.
 */
export const f32Port: () => Port = once(() => {
  const r = registers();
  const load: Load<Float32Array> = (x, base, start, size, inner, outer, d, n) => {
    let row = (start / size) | 0;
    let i = (start - row * size) | 0;
    let at = (base + row * outer + i * inner) | 0;
    const end = (d + n) | 0;
    if (inner === 1 && i + n <= size) {
      for (; d < end; d = (d + 1) | 0, at = (at + 1) | 0) r[d] = x[at]!;
      return;
    }
    for (; d < end; d = (d + 1) | 0) {
      r[d] = x[at]!;
      at = (at + inner) | 0;
      i = (i + 1) | 0;
      if (i === size) {
        i = 0;
        row = (row + 1) | 0;
        at = (base + row * outer) | 0;
      }
    }
  };
  const save: Save<Float32Array> = (x, at, a, n) => {
    const end = (a + n) | 0;
    for (; a < end; a = (a + 1) | 0, at = (at + 1) | 0) x[at] = r[a]!;
  };
  return { load: load as Load<TypedArray>, save: save as Save<TypedArray> };
});

export const i32Port: () => Port = once(() => {
  const r = registers();
  const load: Load<Int32Array> = (x, base, start, size, inner, outer, d, n) => {
    let row = (start / size) | 0;
    let i = start - row * size;
    let at = base + row * outer + i * inner;
    for (const end = d + n; d < end; d++) {
      r[d] = x[at]!;
      at += inner;
      if (++i === size) {
        i = 0;
        at = base + ++row * outer;
      }
    }
  };
  const save: Save<Int32Array> = (x, at, a, n) => {
    for (const end = a + n; a < end; a++) x[at++] = r[a]!;
  };
  return { load: load as Load<TypedArray>, save: save as Save<TypedArray> };
});

export const u8Port: () => Port = once(() => {
  const r = registers();
  const load: Load<Uint8Array> = (x, base, start, size, inner, outer, d, n) => {
    let row = (start / size) | 0;
    let i = start - row * size;
    let at = base + row * outer + i * inner;
    for (const end = d + n; d < end; d++) {
      r[d] = x[at]!;
      at += inner;
      if (++i === size) {
        i = 0;
        at = base + ++row * outer;
      }
    }
  };
  const save: Save<Uint8Array> = (x, at, a, n) => {
    for (const end = a + n; a < end; a++) x[at++] = r[a]!;
  };
  return { load: load as Load<TypedArray>, save: save as Save<TypedArray> };
});

export const f16Port: () => Port = once(() => {
  const r = registers();
  const load: Load<Float16Array> = (x, base, start, size, inner, outer, d, n) => {
    let row = (start / size) | 0;
    let i = start - row * size;
    let at = base + row * outer + i * inner;
    for (const end = d + n; d < end; d++) {
      r[d] = x[at]!;
      at += inner;
      if (++i === size) {
        i = 0;
        at = base + ++row * outer;
      }
    }
  };
  const save: Save<Float16Array> = (x, at, a, n) => {
    for (const end = a + n; a < end; a++) x[at++] = r[a]!;
  };
  return { load: load as Load<TypedArray>, save: save as Save<TypedArray> };
});

export const ports: Readonly<Record<"f32" | "f16" | "i32" | "u8" | "bool", () => Port>> = {
  f32: f32Port,
  f16: f16Port,
  i32: i32Port,
  u8: u8Port,
  bool: u8Port,
};
