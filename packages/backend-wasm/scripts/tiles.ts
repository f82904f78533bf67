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

/**
 * Rows of A anywhere, elements along the depth next to each other in runs; sums start from the bias and end clamped. With `look`, every
 * four steps it looks at a line that is wanted next (`ahead`, `pace` bytes on each time): so memory is read at an even pace, while
 * tiles work on what is in the cache, and not in a burst with each new panel. (WebAssembly has no prefetch.)
 */
function rowsTile(rows: number, look: boolean): string {
  const each = (k: number): string => step(rows, (i) => `v128.load32_splat(p${i}, ${4 * k})`, 32 * k);
  return `
export function rows${rows}${look ? "" : "plain"}(rows: usize, a: usize, runs: usize, count: i32, length: i32, b: usize, c: usize, ldc: usize, bias: usize, low: f32, high: f32${look ? ", ahead: usize, pace: usize" : ""}): void {
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
b += 128;${look ? "\nload<i32>(ahead);\nahead += pace;" : ""}
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

/**
 * `pixels` neighbours of one row of a depthwise convolution, all channels. Each element of x is read once for all results of the row
 * that it belongs to. \`count\` rows of the window lie in the map; x is the first of them, at the first tap. Of the columns that are
 * read, the first \`before\` and the last \`after\` lie outside, at most half a filter: there \`zero\` is read.
 */
function depthwiseTile(kernel: number, stride: number, pixels: number): string {
  const reads = (pixels - 1) * stride + kernel;
  const half = (kernel - 1) / 2;
  const uses = (j: number): string =>
    range(pixels)
      .filter((o) => j - o * stride >= 0 && j - o * stride < kernel)
      .map((o) => `y${o} = madd(v, w${j - o * stride}, y${o});`)
      .join(" ");
  const place = (j: number): string => {
    const left = j < half ? `before > ${j}` : "";
    const right = j >= reads - half ? `after > ${reads - 1 - j}` : "";
    const outside = [left, right].filter((one) => one !== "").join(" || ");
    return outside === "" ? "from" : `${outside} ? zero : from`;
  };
  return `
export function depthwise${kernel}s${stride}p${pixels}(x: usize, down: usize, right: usize, count: i32, before: i32, after: i32, zero: usize, w: usize, y: usize, channels: i32, bias: usize, low: f32, high: f32): void {
for (let c = 0; c < channels; c += 4) {
let v: v128 = v128.load(bias ? bias : zero);
${lines(pixels, (o) => `let y${o}: v128 = v;`)}
let at: usize = x;
let taps: usize = w;
for (let i = count; i > 0; i--) {
${lines(kernel, (k) => `const w${k}: v128 = v128.load(taps); taps += right;`)}
let from: usize = at;
${lines(reads, (j) => `v = v128.load(${place(j)}); ${uses(j)}${j < reads - 1 ? " from += right;" : ""}`)}
at += down;
}
const lows: v128 = f32x4.splat(low);
const highs: v128 = f32x4.splat(high);
let to: usize = y;
if (channels - c >= 4) {
${lines(pixels, (o) => `v128.store(to, f32x4.pmin(f32x4.pmax(y${o}, lows), highs));${o < pixels - 1 ? " to += right;" : ""}`)}
} else {
${lines(pixels, (o) => `storeFew(to, f32x4.pmin(f32x4.pmax(y${o}, lows), highs), channels - c);${o < pixels - 1 ? " to += right;" : ""}`)}
}
x += 16; w += 16; y += 16;
if (bias) bias += 16;
}
}`;
}

/** What assembly/depthwise.ts asks for. */
const depthwiseTiles = [3, 5].flatMap((kernel) =>
  [1, 2].flatMap((stride) => [8, 4].map((pixels) => depthwiseTile(kernel, stride, pixels))),
);

const folder = join(import.meta.dirname, "..", "assembly", "generated");
const most = Math.max(...microkernels.map(({ rows }) => rows));
const all = range(most).map((i) => i + 1);
/** Of the builds with and without a fused multiply–add. */
const largest = [most, most - 1];
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, "tiles.ts"),
  [
    '// Written by scripts/tiles.ts.\nimport { storeFew } from "../lanes";\nimport { madd } from "../simd";',
    ...all.map((rows) => rowsTile(rows, true)),
    ...largest.map((rows) => rowsTile(rows, false)),
    ...all.map(columnsTile),
    ...depthwiseTiles,
  ].join("\n"),
);
