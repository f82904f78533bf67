/**
 * The innermost loop: tiles of 3 rows × 3 columns over the panels.
 *
 *     c[row, col] = start[row, col] + Σₖ a[row, k] · b[col, k]
 *
 * Why 3×3. V8 has 15 vector registers for doubles and multiplies with two instructions (mul, add). 9 sums + 3 values of
 * b + 1 of a + 2 products = 15; a 4×4 tile spills and waits for its own memory. Measured on one machine: 10.4 GF/s here,
 * 5.5 for 4×4 on Float64Arrays, 4.8 on Float32Arrays.
 *
 * Why the branches that are never taken. V8 orders the instructions of a basic block by depth: first all nine products,
 * then all nine sums, and 9 + 9 values do not fit. A branch ends the block, so the products of a row are added before
 * the next row begins. `never` is 0, which the compiler must not know: it stays a parameter (this function is too large to
 * be inlined), for a value that it sees being loaded is tested once, before the loop, and the branches are gone: half the
 * speed.
 */
import { once } from "../once.ts";
import { panels } from "./panels.ts";

/**
 * `tiles` tiles down the rows of the a-panels from p (third size `tiles`, rows `depth` long), for the columns at q of the
 * b-panels. Results go to c at `at + t · width`, the other rows `down1`, `down2` and the other columns `right1`, `right2`
 * elements further. Thirds may overlap, so an element may be written twice: nothing is added to what stands there.
 */
export type Tile = (
  tiles: number,
  depth: number,
  p: number,
  q: number,
  at: number,
  width: number,
  down1: number,
  down2: number,
  right1: number,
  right2: number,
  never: number,
) => void;

const zeros = once(() => new Int32Array(1));

/** A 0 that no compiler can know, for `never`. */
export function unknownZero(): number {
  return zeros()[0]!;
}

export const tile: () => Tile = once(() => {
  const { a0, a1, a2, b0, b1, b2, c } = panels();
  return (tiles, depth, p, q, at, width, down1, down2, right1, right2, never) => {
    for (let t = 0; t < tiles; t++) {
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c20 = 0;
      let c21 = 0;
      let c22 = 0;
      const end = (p + depth) | 0;
      let y = q;
      for (; p < end; p = (p + 1) | 0, y = (y + 1) | 0) {
        const v0 = b0[y]!;
        const v1 = b1[y]!;
        const v2 = b2[y]!;
        const u0 = a0[p]!;
        c00 += u0 * v0;
        c01 += u0 * v1;
        c02 += u0 * v2;
        if (never === -1) break;
        const u1 = a1[p]!;
        c10 += u1 * v0;
        c11 += u1 * v1;
        c12 += u1 * v2;
        if (never === -2) break;
        const u2 = a2[p]!;
        c20 += u2 * v0;
        c21 += u2 * v1;
        c22 += u2 * v2;
      }
      const i1 = (at + down1) | 0;
      const i2 = (at + down2) | 0;
      c[at] = c00;
      c[(at + right1) | 0] = c01;
      c[(at + right2) | 0] = c02;
      c[i1] = c10;
      c[(i1 + right1) | 0] = c11;
      c[(i1 + right2) | 0] = c12;
      c[i2] = c20;
      c[(i2 + right1) | 0] = c21;
      c[(i2 + right2) | 0] = c22;
      at = (at + width) | 0;
    }
  };
});
