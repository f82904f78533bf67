/**
 * Writes assembly/generated/tiles.ts: the microkernels of products, one function for each number of rows.
 *
 * V8 has 15 vector registers for a function on x64. A tile of R rows and 8 columns keeps 2R sums, two vectors of the panel
 * and one splat element in them, and where there is no fused multiply–add one product: 6 rows fill them in the relaxed
 * builds, 5 in the others. One row more halves the speed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { microkernels } from "../src/microkernels.ts";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const lines = (n: number, f: (i: number) => string): string => range(n).map(f).join("\n");

/** One step of the depth: a row of the panel times one element of each row of A, `at` bytes on. */
const step = (rows: number, element: (row: number) => string, bytes: number): string =>
  `b0 = v128.load(b, ${bytes}); b1 = v128.load(b, ${bytes + 16});\n` +
  lines(rows, (i) => `s = ${element(i)}; c${i} = madd(s, b0, c${i}); d${i} = madd(s, b1, d${i});`);

/** Rows of A anywhere, elements along the depth next to each other in runs; sums start from the bias and end clamped. */
function rowsTile(rows: number): string {
  const each = (k: number): string => step(rows, (i) => `v128.load32_splat(p${i}, ${4 * k})`, 32 * k);
  return `
export function rows${rows}(rows: usize, a: usize, runs: usize, count: i32, length: i32, b: usize, c: usize, ldc: usize, bias: usize, low: f32, high: f32): void {
${lines(rows, (i) => `let p${i}: usize = a + load<u32>(rows, ${4 * i});`)}
let b0: v128 = v128.load(bias), b1: v128 = v128.load(bias, 16), s: v128;
${lines(rows, (i) => `let c${i}: v128 = b0, d${i}: v128 = b1;`)}
do {
const skip: usize = load<u32>(runs);
runs += 4;
${lines(rows, (i) => `p${i} += skip;`)}
let k: i32 = length;
while (k >= 4) {
${range(4).map(each).join("\n")}
${lines(rows, (i) => `p${i} += 16;`)}
b += 128;
k -= 4;
}
while (k > 0) {
${each(0)}
${lines(rows, (i) => `p${i} += 4;`)}
b += 32;
k--;
}
} while (--count > 0);
b0 = f32x4.splat(low); b1 = f32x4.splat(high);
${lines(rows, (i) => `v128.store(c, f32x4.pmin(f32x4.pmax(c${i}, b0), b1)); v128.store(c, f32x4.pmin(f32x4.pmax(d${i}, b0), b1), 16);${i < rows - 1 ? " c += ldc;" : ""}`)}
}`;
}

/** The depth runs across: step p reads \`rows\` neighbours of a[p] and 8 neighbours of b[p]; sums are added to C. */
function columnsTile(rows: number): string {
  return `
export function columns${rows}(a: usize, lda: usize, b: usize, places: usize, count: i32, c: usize, ldc: usize): void {
let b0: v128, b1: v128, s: v128;
let from: usize = c;
${lines(rows, (i) => `let c${i}: v128 = v128.load(from), d${i}: v128 = v128.load(from, 16);${i < rows - 1 ? " from += ldc;" : ""}`)}
const end: usize = places + (<usize>count << 2);
const origin: usize = b;
while (places < end) {
b = origin + load<u32>(places);
${step(rows, (i) => `v128.load32_splat(a, ${4 * i})`, 0)}
a += lda;
places += 4;
}
${lines(rows, (i) => `v128.store(c, c${i}); v128.store(c, d${i}, 16);${i < rows - 1 ? " c += ldc;" : ""}`)}
}`;
}

const folder = join(import.meta.dirname, "..", "assembly", "generated");
const most = Math.max(...microkernels.map(({ rows }) => rows));
const all = range(most).map((i) => i + 1);
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, "tiles.ts"),
  ['// Written by scripts/tiles.ts.\nimport { madd } from "../simd";', ...all.map(rowsTile), ...all.map(columnsTile)].join("\n"),
);
