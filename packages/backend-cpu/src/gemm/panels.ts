/**
 * The panels that every matrix product of this backend runs on: fixed Float64Arrays, made on first use, 6.3 MB.
 *
 * Doubles, because JS multiplies doubles: a Float32Array would cost a conversion at each load. It also makes sums more
 * exact than any f32 kernel's.
 *
 * Rows by *thirds*: of R rows, `a0` holds rows 0 … T−1, `a1` the T rows from s₁, `a2` the T rows from s₂ (`thirds`),
 * each row K long and contiguous; so do `b0 b1 b2` with columns. A tile takes row t of each third: three rows at one
 * index. One index means one bounds check for the three loads, a block is packed with three `set` calls, and as the
 * thirds may overlap there are no edges: where R is no multiple of 3 some rows are computed twice.
 */
import { once } from "../once.ts";

/** Elements of one third of the rows (`a0`, `a1`, `a2`). */
export const aThird = 65536;
/** Elements of one third of the columns (`b0`, `b1`, `b2`). */
export const bThird = 65536;
/** Elements of the block of results. */
export const cSize = 262144;

export interface Panels {
  readonly a0: Float64Array<ArrayBuffer>;
  readonly a1: Float64Array<ArrayBuffer>;
  readonly a2: Float64Array<ArrayBuffer>;
  readonly b0: Float64Array<ArrayBuffer>;
  readonly b1: Float64Array<ArrayBuffer>;
  readonly b2: Float64Array<ArrayBuffer>;
  /** Results, row-major [rows, columns]. */
  readonly c: Float64Array<ArrayBuffer>;
}

/** 17 cache lines between the thirds: at equal distances of 2ⁿ bytes all loads of a step would fall into one cache set. */
const skew = 136;

export const panels: () => Panels = once(() => {
  const buffer = new ArrayBuffer(8 * (3 * (aThird + skew) + 3 * (bThird + skew) + cSize));
  let offset = 0;
  const take = (length: number, gap: number): Float64Array<ArrayBuffer> => {
    const view = new Float64Array(buffer, offset, length);
    offset += 8 * (length + gap);
    return view;
  };
  return {
    a0: take(aThird, skew),
    a1: take(aThird, skew),
    a2: take(aThird, skew),
    b0: take(bThird, skew),
    b1: take(bThird, skew),
    b2: take(bThird, skew),
    c: take(cSize, 0),
  };
});

/** How `count` rows are cut in three: each third is `size` long; they begin at 0, `second` and `third` and may overlap. */
export interface Thirds {
  readonly size: number;
  readonly second: number;
  readonly third: number;
}

export function thirds(count: number): Thirds {
  const size = Math.ceil(count / 3);
  return { size, second: Math.min(size, count - size), third: count - size };
}
