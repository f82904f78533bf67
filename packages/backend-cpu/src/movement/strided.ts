/**
 * Data movement: out[Σ iₐ·tₐ] = in[Σ iₐ·fₐ] over a box of indices. Transposes, slices, pads and repeats are this with
 * different steps. Bits are moved as integers, so NaNs keep theirs and f32 and i32 share one loop.
 */
import type { Shape, TypedArray } from "@tatamijs/core/backend";

export type Words = Int32Array | Uint16Array | Uint8Array;

/** The same memory as integers of the element's size. */
export function words(values: TypedArray): Words {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: bytes } = values;
  if (bytes === 4) return new Int32Array(buffer, byteOffset, length);
  return bytes === 2 ? new Uint16Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
}

/** One value as a word of `values`' class: what stands in memory for it. */
export function wordOf(values: TypedArray, value: number): number {
  const one = values.slice(0, 1);
  if (one.length === 0) return 0;
  one[0] = value;
  return words(one)[0]!;
}

export interface Box {
  readonly shape: Shape;
  /** Steps in the output and in the input, per axis. */
  readonly to: Shape;
  readonly from: Shape;
  readonly toStart: number;
  readonly fromStart: number;
}

interface Axis {
  size: number;
  to: number;
  from: number;
}

/** Axes that are one longer axis in both are joined; axes of size 1 are dropped. */
function joined({ shape, to, from }: Box): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((size, a) => {
    if (size === 1) return;
    const last = axes.at(-1);
    if (last !== undefined && last.to === to[a]! * size && last.from === from[a]! * size) {
      axes[axes.length - 1] = { size: last.size * size, to: to[a]!, from: from[a]! };
    } else {
      axes.push({ size, to: to[a]!, from: from[a]! });
    }
  });
  return axes;
}

/** Fixes the loops of a box; the function returned moves it. */
export function mover(box: Box): (out: Words, input: Words) => void {
  if (box.shape.includes(0)) return () => {};
  const axes = joined(box);
  // The innermost two: where the output moves by the least, and where the input does.
  const byTo = axes.reduce((best, axis, i) => (best < 0 || axis.to < axes[best]!.to ? i : best), -1);
  const inner = byTo < 0 ? { size: 1, to: 1, from: 1 } : axes.splice(byTo, 1)[0]!;
  const byFrom = axes.reduce((best, axis, i) => (best < 0 || axis.from < axes[best]!.from ? i : best), -1);
  const outer = byFrom < 0 ? { size: 1, to: 0, from: 0 } : axes.splice(byFrom, 1)[0]!;
  const index = axes.map(() => 0);
  const { toStart, fromStart } = box;
  return (out, input) => {
    let to = toStart;
    let from = fromStart;
    index.fill(0);
    for (;;) {
      move2(out, input, to, from, inner.size, inner.to, inner.from, outer.size, outer.to, outer.from);
      let a = axes.length - 1;
      for (; a >= 0; a--) {
        const axis = axes[a]!;
        to += axis.to;
        from += axis.from;
        if (++index[a]! < axis.size) break;
        to -= axis.to * axis.size;
        from -= axis.from * axis.size;
        index[a] = 0;
      }
      if (a < 0) return;
    }
  };
}

/** Two axes in squares of 16, so that a transpose uses each cache line whole. */
function move2(
  out: Words,
  input: Words,
  to: number,
  from: number,
  n: number,
  nTo: number,
  nFrom: number,
  m: number,
  mTo: number,
  mFrom: number,
): void {
  if (nFrom <= mFrom || m === 1) {
    for (let j = 0; j < m; j++) {
      let t = (to + j * mTo) | 0;
      let f = (from + j * mFrom) | 0;
      for (let i = 0; i < n; i++) {
        out[t] = input[f]!;
        t = (t + nTo) | 0;
        f = (f + nFrom) | 0;
      }
    }
    return;
  }
  for (let j0 = 0; j0 < m; j0 += 16) {
    const j1 = Math.min(m, j0 + 16);
    for (let i0 = 0; i0 < n; i0 += 16) {
      const count = Math.min(n, i0 + 16) - i0;
      for (let j = j0; j < j1; j++) {
        let t = (to + j * mTo + i0 * nTo) | 0;
        let f = (from + j * mFrom + i0 * nFrom) | 0;
        for (let i = 0; i < count; i++) {
          out[t] = input[f]!;
          t = (t + nTo) | 0;
          f = (f + nFrom) | 0;
        }
      }
    }
  }
}
