/**
 * The JS ceiling: what a bare 4×4 tile of local doubles reaches over Float32Array panels in the first-level cache, nothing
 * around it. It is the usual best loop, not a law: the CPU backend's own (backend-cpu/src/gemm/tile.ts says how) is faster.
 */
import type { Ceiling } from "./f32x4.ts";

const depth = 256;

export function jsCeiling(): Ceiling {
  const a = new Float32Array(4 * depth).fill(0.5);
  const b = new Float32Array(4 * depth).fill(0.25);
  const c = new Float32Array(16);
  const repeat = 500;
  return {
    flops: 2 * 16 * depth * repeat,
    run() {
      for (let i = 0; i < repeat; i++) sixteen(a, b, c);
    },
  };
}

function sixteen(a: Float32Array, b: Float32Array, c: Float32Array): void {
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (let k = 0; k < 4 * depth; k += 4) {
    const b0 = b[k]!;
    const b1 = b[k + 1]!;
    const b2 = b[k + 2]!;
    const b3 = b[k + 3]!;
    const a0 = a[k]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = a[k + 1]!;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = a[k + 2]!;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = a[k + 3]!;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  c.set([c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33]);
}
