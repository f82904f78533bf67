/**
 * The product over windows for GPUs: a workgroup makes a tile of pixels (of any row and image) × channels, each thread some of
 * both. Depth goes by a few rows at a time, which all threads fetch together into memory that they share.
 *
 * Read as a matrix product: rows are pixels, depth is taps × channels, columns are filters. Where rows of depth begin at
 * vectors of four, a thread fetches a vector; else four scalars.
 *
 * Small maps of many channels are few tiles with long sums, and would leave most of a GPU idle: there depth is split, each part
 * is summed by workgroups of its own, and a second dispatch joins the parts. How many they are depends on the sizes alone, so
 * all tiles come to the same bits.
 */
import type { Dispatch, Io, Part } from "../kernel.ts";
import { each, perGroup, perThread } from "../shader.ts";
import { storageOf, vectorOf } from "../values.ts";
import { epilogue } from "./epilogue.ts";
import { geometryUniforms, ownBinding, type Product, type Windows } from "./size.ts";
import { rowsOf, threadsOf, tiles, type Tile, type TileName } from "./tile.ts";

/** Workgroups that keep a GPU busy, and rows of depth that are worth one. */
const enough = 128;
const least = 256;

const longOf = ({ kernel, depth }: Windows): number => kernel[0] * kernel[1] * depth;

/** How many parts depth is split into. */
export function depthParts(product: Product): number {
  const { groups, columns, own } = product.windows;
  if (own !== undefined) return 1;
  const count = Math.ceil(rowsOf(product) / 32) * groups * Math.ceil(columns / 32);
  const long = longOf(product.windows);
  return Math.max(1, Math.min(Math.floor(long / least), Math.ceil(enough / Math.max(1, count)), 16));
}

/** Bytes for the sums of the parts, if there are several. */
export function partsBytes(product: Product): number {
  const parts = depthParts(product);
  const { groups, columns } = product.windows;
  return parts === 1 ? 0 : parts * rowsOf(product) * groups * Math.ceil(columns / 4) * 16;
}

/** WGSL that sets `v` to four rows of depth, from `k`, of fetch `f`: zeros where there are none. */
function fetched(turned: boolean, whole: boolean, f: number): string {
  const place = turned
    ? `    let ty = i32(py${f}) + i32(u.top) - i32(ky * u.dy);
    let tx = i32(px${f}) + i32(u.left) - i32(kx * u.dx);
    let fits = ty % i32(u.sy) == 0 && tx % i32(u.sx) == 0;
    let iy = ty / i32(u.sy);
    let ix = tx / i32(u.sx);`
    : `    let fits = true;
    let iy = i32(py${f} * u.sy + ky * u.dy) - i32(u.top);
    let ix = i32(px${f} * u.sx + kx * u.dx) - i32(u.left);`;
  const inside = (k: string): string =>
    `${k} < u.long && fits && pixel${f} < u.pixels && u32(iy) < u.h && u32(ix) < u.w`;
  const at = `((image${f} * u.h + u32(iy)) * u.w + u32(ix)) * u.pitch + group * u.depth + c`;
  const tap = (k: string): string => `    let tap = ${k} / u.depth;
    let c = ${k} % u.depth;
    let ky = tap / u.kw;
    let kx = tap % u.kw;
${place}`;
  if (whole) return `${tap("k")}\n    v = select(vec4f(), vec4f(x[(${at}) / 4u]), ${inside("k")});`;
  return `    for (var e = 0u; e < 4u; e++) {
    let ke = k + e;
${tap("ke")}
    if (${inside("ke")}) { v[e] = f32(x[${at}]); }
    }`;
}

/** `text` for the first `count` of the threads. */
const byThreads = (count: number, threads: number, text: string): string =>
  count < threads ? `    if (lane < ${count}u) {\n${text}\n    }` : text;

function textOf({ own, turned }: Windows, whole: boolean, tile: Tile, split: boolean): string {
  const {
    pixels,
    step,
    each: [p, v],
  } = tile;
  const threads = threadsOf(tile);
  const wide = tile.columns / 4;
  const across = wide / v;
  // A fetch takes four rows of depth of a pixel, or one row of depth of a vector of columns.
  const ranks = step / 4;
  const pixelFetches = each(Math.ceil((pixels * ranks) / threads), (f) => f);
  const filterFetches = each(Math.ceil((step * wide) / threads), (f) => f);
  const sums = each(p, (a) => each(v, (b) => ({ a, b, name: `a${a}_${b}` }))).flat();
  return `  let blocks = (u.wide + ${wide - 1}u) / ${wide}u;
  let block = number % blocks;
  let r1 = number / blocks;
  let group = r1 % u.split;
  let r2 = r1 / u.split;
  let tiles = (u.pixels + ${pixels - 1}u) / ${pixels}u;
  let tile = r2 % tiles;
  let n = ${split ? "0u" : "r2 / tiles"};
  let begin = ${split ? "(r2 / tiles) * u.each" : "0u"};
  let end = ${split ? "min(begin + u.each, u.long)" : "u.long"};
  // What this thread fetches for all.
  let slot = lane / ${ranks}u;
  let rank = (lane % ${ranks}u) * 4u;
${pixelFetches
  .map(
    (f) => `  let pixel${f} = tile * ${pixels}u + slot + ${(f * threads) / ranks}u;
  let px${f} = pixel${f} % u.ow;
  let q${f} = pixel${f} / u.ow;
  let py${f} = q${f} % u.oh;
  let image${f} = ${own === undefined ? `q${f} / u.oh` : "own[2u * n]"};`,
  )
  .join("\n")}
  let start = ${own === undefined ? "group" : "own[2u * n + 1u]"} * u.panel;
  let column = block * ${wide}u + lane % ${wide}u;
  // What it makes: ${p} pixels from row, ${v} vectors of columns, the first at j.
  let row = (lane / ${across}u) * ${p}u;
  let j = lane % ${across}u;
${sums.map(({ name }) => `  var ${name} = vec4f();`).join("\n")}
  for (var k0 = begin; k0 < end; k0 += ${step}u) {
    let k = k0 + rank;
${byThreads(
  pixels * ranks,
  threads,
  pixelFetches
    .map(
      (f) => `    {
    var v = vec4f();
${fetched(turned, whole, f)}
    for (var e = 0u; e < 4u; e++) { pixels[(rank + e) * ${pixels}u + slot + ${(f * threads) / ranks}u] = v[e]; }
    }`,
    )
    .join("\n"),
)}
${byThreads(
  step * wide,
  threads,
  filterFetches
    .map((f) => {
      const kf = `k0 + lane / ${wide}u + ${(f * threads) / wide}u`;
      return `    filters[lane + ${f * threads}u] = select(vec4f(), f[start + (${kf}) * u.wide + column], ${kf} < u.long && column < u.wide);`;
    })
    .join("\n"),
)}
    workgroupBarrier();
    for (var e = 0u; e < ${step}u; e++) {
${each(v, (b) => `      let w${b} = filters[e * ${wide}u + j + ${b * across}u];`).join("\n")}
      let at = e * ${pixels}u + row;
${each(p, (a) => `      let v${a} = vec4f(pixels[at + ${a}u]);`).join("\n")}
${sums.map(({ a, b, name }) => `      ${name} = fma(v${a}, w${b}, ${name});`).join("\n")}
    }
    workgroupBarrier();
  }
  let origin = tile * ${pixels}u + row;
${each(v, (b) => {
  const mine = sums.filter((sum) => sum.b === b);
  const place = `    let at = block * ${wide}u + j + ${b * across}u;`;
  if (split) {
    return `  {
${place}
    if (at < u.wide) {
    let line = ((r2 / tiles) * u.pixels + origin) * u.split + group;
${mine.map(({ a, name }) => `    if (origin + ${a}u < u.pixels) { y[(line + ${a}u * u.split) * u.wide + at] = ${name}; }`).join("\n")}
    }
  }`;
  }
  return `  {
${place}
    let first = at * 4u;
    if (first < u.columns) {
    let channel = group * u.columns + first;
    let b4 = bias(channel);
${mine.map(({ a, name }) => `    if (origin + ${a}u < u.pixels) { finish((n * u.pixels + origin + ${a}u) * u.all + channel, u.columns - first, ${name} + b4, low, high); }`).join("\n")}
    }
  }`;
}).join("\n")}`;
}

/** The dispatches over x, packed filters, then bias and residual. */
export function sharedDispatches(
  product: Product,
  name: TileName,
  x: Part,
  filters: Part,
  rest: readonly Part[],
  io: Omit<Io, "inputs">,
): Dispatch[] {
  const { windows, following, types, beside = false } = product;
  const { groups, depth, columns, own } = windows;
  const tile = tiles[name];
  const pixels = rowsOf(product);
  const long = longOf(windows);
  const wide = Math.ceil(columns / 4);
  const parts = depthParts(product);
  const split = parts > 1;
  const whole = depth % 4 === 0;
  const end = epilogue(following, types, columns % 4 === 0, rest, io.output, filters, false);
  const sums = split ? io.scratch(0, partsBytes(product)) : undefined;
  const tilesOfAll = (own?.length ?? 1) * Math.ceil(pixels / tile.pixels) * groups * Math.ceil(columns / tile.columns);
  const products = perGroup({
    label: `shared ${name}`,
    groups: tilesOfAll * parts,
    size: threadsOf(tile),
    uniforms: {
      split: groups,
      pixels,
      ...geometryUniforms(windows),
      depth,
      long,
      pitch: depth * groups,
      wide,
      panel: long * wide,
      ...(split ? { each: Math.ceil(long / parts / 16) * 16 } : { columns, all: columns * groups, ...end.uniforms }),
    },
    bindings: [
      { name: "x", of: vectorOf(storageOf(types.from), whole), part: x, write: beside },
      { name: "f", of: "vec4f", part: filters },
      ...ownBinding(windows, io),
      ...(sums === undefined ? end.bindings : [{ name: "y", of: "vec4f", part: sums, write: true }]),
    ],
    uses: split ? [] : end.uses,
    before: `var<workgroup> pixels: array<f32, ${tile.pixels * tile.step}>;
var<workgroup> filters: array<vec4f, ${tile.step * (tile.columns / 4)}>;
${split ? "" : end.text}`,
    body: `${split ? "" : `${end.bounds}\n`}${textOf(windows, whole, tile, split)}`,
  });
  if (sums === undefined) return [products];
  return [
    products,
    perThread({
      label: "parts of depth, joined",
      threads: pixels * groups * wide,
      uniforms: { split: groups, parts, wide, columns, all: columns * groups, ...end.uniforms },
      bindings: [{ name: "x", of: "vec4f", part: sums }, ...end.bindings],
      uses: end.uses,
      before: end.text,
      body: `${end.bounds}
  let first = (i % u.wide) * 4u;
  let r = i / u.wide;
  let channel = (r % u.split) * u.columns + first;
  var sum = x[i];
  for (var p = 1u; p < u.parts; p++) { sum += x[p * u.threads + i]; }
  finish((r / u.split) * u.all + channel, u.columns - first, sum + bias(channel), low, high);`,
    }),
  ];
}
