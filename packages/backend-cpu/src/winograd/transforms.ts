/**
 * Winograd's F(4×4, 3×3): 16 outputs of a 3×3 convolution from 36 products instead of 144.
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *
 * with the points 0, ±1, ±2, ∞. All arithmetic is in doubles, which leaves errors far below one f32 rounding. G is used
 * times 24, so that all three matrices are whole numbers: on whole inputs every intermediate is a whole number below
 * 2⁵³, hence exact, and the division by 24² = 576 at the end has no remainder. So this kernel is exact where direct sums
 * are.
 *
 *     Bᵀ =  4  0 −5  0 1 0     24 G =  6  0  0     Aᵀ = 1 1  1 1  1 0
 *           0 −4 −4  1 1 0            −4 −4 −4          0 1 −1 2 −2 0
 *           0  4 −4 −1 1 0            −4  4 −4          0 1  1 4  4 0
 *           0 −2 −1  2 1 0             1  2  4          0 1 −1 8 −8 1
 *           0  2 −1 −2 1 0             1 −2  4
 *           0  4  0 −5 0 1             0  0 24
 */

/** Points of the transformed window. */
export const points = 36;

export interface Transforms {
  readonly filters: TransformFilters;
  readonly input: TransformInput;
  readonly output: TransformOutput;
}

let made: Transforms | undefined;

/** Made once per realm (see once.ts). `c`: the panel of products. */
export function transforms(c: Float64Array): Transforms {
  return (made ??= { filters: filterTransform(), input: transformInput(), output: transformOutput(c) });
}

/** Filters OHWI → U[point][o][c]. */
type TransformFilters = (u: Float64Array, w: Float32Array, filters: number, channels: number) => void;

const filterTransform = (): TransformFilters => {
  const t = new Float64Array(18);
  return (u, w, filters, channels) => {
    for (let o = 0; o < filters; o++) {
      for (let c = 0; c < channels; c++) {
        const at = o * 9 * channels + c;
        for (let j = 0; j < 3; j++)
          spread(t, j, 3, w[at + j * channels]!, w[at + (3 + j) * channels]!, w[at + (6 + j) * channels]!);
        for (let i = 0; i < 6; i++) {
          const to = (i * 6 * filters + o) * channels + c;
          spread(u, to, filters * channels, t[i * 3]!, t[i * 3 + 1]!, t[i * 3 + 2]!);
        }
      }
    }
  };
};

/** 24 G (a, b, c)ᵀ */
function spread(to: Float64Array, at: number, step: number, a: number, b: number, c: number): void {
  to[at] = 6 * a;
  to[at + step] = -4 * (a + b + c);
  to[at + 2 * step] = -4 * (a - b + c);
  to[at + 3 * step] = a + 2 * b + 4 * c;
  to[at + 4 * step] = a - 2 * b + 4 * c;
  to[at + 5 * step] = 24 * c;
}

/**
 * Bᵀ d B for the 6×6 window at x[at], for `channels` channels: x[at + y·down + x·right + c] → panel[to + point·step + c].
 */
type TransformInput = (
  panel: Float64Array,
  to: number,
  step: number,
  x: Float32Array,
  at: number,
  down: number,
  right: number,
  channels: number,
) => void;

const transformInput = (): TransformInput => {
  const t = new Float64Array(36);
  return (panel, to, step, x, at, down, right, channels) => {
    for (let c = 0; c < channels; c++) {
      for (let j = 0; j < 6; j++) {
        let from = (at + c + j * right) | 0;
        const d0 = x[from]!;
        const d1 = x[(from = (from + down) | 0)]!;
        const d2 = x[(from = (from + down) | 0)]!;
        const d3 = x[(from = (from + down) | 0)]!;
        const d4 = x[(from = (from + down) | 0)]!;
        const d5 = x[(from + down) | 0]!;
        const even = d4 - 4 * d2;
        const odd = d3 - 4 * d1;
        const near = d4 - d2;
        const far = 2 * (d3 - d1);
        t[j] = 4 * d0 - 5 * d2 + d4;
        t[j + 6] = even + odd;
        t[j + 12] = even - odd;
        t[j + 18] = near + far;
        t[j + 24] = near - far;
        t[j + 30] = 4 * d1 - 5 * d3 + d5;
      }
      let p = (to + c) | 0;
      for (let i = 0; i < 36; i += 6) {
        const d0 = t[i]!;
        const d1 = t[i + 1]!;
        const d2 = t[i + 2]!;
        const d3 = t[i + 3]!;
        const d4 = t[i + 4]!;
        const d5 = t[i + 5]!;
        const even = d4 - 4 * d2;
        const odd = d3 - 4 * d1;
        const near = d4 - d2;
        const far = 2 * (d3 - d1);
        panel[p] = 4 * d0 - 5 * d2 + d4;
        panel[(p = (p + step) | 0)] = even + odd;
        panel[(p = (p + step) | 0)] = even - odd;
        panel[(p = (p + step) | 0)] = near + far;
        panel[(p = (p + step) | 0)] = near - far;
        panel[(p = (p + step) | 0)] = 4 * d1 - 5 * d3 + d5;
        p = (p + step) | 0;
      }
    }
  };
};

/**
 * Aᵀ M A / 576 + bias for `filters` filters: c[from + point·step + o] → out[at + y·down + x·right + o], `rows` × `columns`
 * of the 4×4 results. `bias` holds zeros where there is none.
 */
type TransformOutput = (
  out: Float32Array,
  at: number,
  down: number,
  right: number,
  rows: number,
  columns: number,
  from: number,
  step: number,
  filters: number,
  bias: Float32Array,
) => void;

const transformOutput = (c: Float64Array): TransformOutput => {
  const t = new Float64Array(24);
  return (out, at, down, right, rows, columns, from, step, filters, bias) => {
    for (let o = 0; o < filters; o++) {
      for (let j = 0; j < 6; j++) {
        let p = (from + o + j * step) | 0;
        const six = (6 * step) | 0;
        const m0 = c[p]!;
        const m1 = c[(p = (p + six) | 0)]!;
        const m2 = c[(p = (p + six) | 0)]!;
        const m3 = c[(p = (p + six) | 0)]!;
        const m4 = c[(p = (p + six) | 0)]!;
        const m5 = c[(p + six) | 0]!;
        const s1 = m1 + m2;
        const d1 = m1 - m2;
        const s2 = m3 + m4;
        const d2 = m3 - m4;
        t[j] = m0 + s1 + s2;
        t[j + 6] = d1 + 2 * d2;
        t[j + 12] = s1 + 4 * s2;
        t[j + 18] = d1 + 8 * d2 + m5;
      }
      const b = bias[o]!;
      let to = (at + o) | 0;
      for (let i = 0; i < rows; i++) {
        const k = i * 6;
        const m0 = t[k]!;
        const m5 = t[k + 5]!;
        const s1 = t[k + 1]! + t[k + 2]!;
        const d1 = t[k + 1]! - t[k + 2]!;
        const s2 = t[k + 3]! + t[k + 4]!;
        const d2 = t[k + 3]! - t[k + 4]!;
        out[to] = (m0 + s1 + s2) / 576 + b;
        if (columns > 1) out[(to + right) | 0] = (d1 + 2 * d2) / 576 + b;
        if (columns > 2) out[(to + 2 * right) | 0] = (s1 + 4 * s2) / 576 + b;
        if (columns > 3) out[(to + 3 * right) | 0] = (d1 + 8 * d2 + m5) / 576 + b;
        to = (to + down) | 0;
      }
    }
  };
};
