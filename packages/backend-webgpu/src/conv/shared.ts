/**
 * The product over windows for GPUs: a workgroup of 8 × 8 threads makes 32 pixels (of any row and image) of 32 channels, each
 * thread 4 × 4 of them. Depth goes by in steps of 8 rows, which all threads fetch together into memory that they share.
 *
 * Read as a matrix product: rows are pixels, depth is taps × channels, columns are filters. Where rows of depth begin at
 * vectors of four, a thread fetches a vector; else four scalars.
 */
import { idle, type Dispatch, type GpuKernel, type Io, type Part } from "../kernel.ts";
import { each, perGroup } from "../shader.ts";
import { storageOf, vectorOf } from "../values.ts";
import { epilogue } from "./epilogue.ts";
import type { Product } from "./direct.ts";
import { geometryUniforms, ownBinding, type Windows } from "./size.ts";

const tilePixels = 32;
const tileColumns = 32;
const step = 8;

/** Thread `lane` fetches row `lane / 2` of pixels (4 of 8 of depth), and row `lane / 8` of filters (4 of 32 columns). */
function textOf({ own, turned }: Windows, whole: boolean): string {
  const place = turned
    ? `    let ty = i32(py) + i32(u.top) - i32(ky * u.dy);
    let tx = i32(px) + i32(u.left) - i32(kx * u.dx);
    let fits = ty % i32(u.sy) == 0 && tx % i32(u.sx) == 0;
    let iy = ty / i32(u.sy);
    let ix = tx / i32(u.sx);`
    : `    let fits = true;
    let iy = i32(py * u.sy + ky * u.dy) - i32(u.top);
    let ix = i32(px * u.sx + kx * u.dx) - i32(u.left);`;
  const fetch = whole
    ? `    let tap = k / u.depth;
    let c = k % u.depth;
    let ky = tap / u.kw;
    let kx = tap % u.kw;
${place}
    let inside = k < u.long && fits && pixel < u.pixels && u32(iy) < u.h && u32(ix) < u.w;
    v = select(vec4f(), vec4f(x[(((image * u.h + u32(iy)) * u.w + u32(ix)) * u.pitch + group * u.depth + c) / 4u]), inside);`
    : `    for (var e = 0u; e < 4u; e++) {
    let ke = k + e;
    let tap = ke / u.depth;
    let c = ke % u.depth;
    let ky = tap / u.kw;
    let kx = tap % u.kw;
${place}
    if (ke < u.long && fits && pixel < u.pixels && u32(iy) < u.h && u32(ix) < u.w) {
      v[e] = f32(x[((image * u.h + u32(iy)) * u.w + u32(ix)) * u.pitch + group * u.depth + c]);
    }
    }`;
  return `  let blocks = (u.wide + ${tileColumns / 4 - 1}u) / ${tileColumns / 4}u;
  let block = number % blocks;
  let r1 = number / blocks;
  let group = r1 % u.split;
  let r2 = r1 / u.split;
  let tiles = (u.pixels + ${tilePixels - 1}u) / ${tilePixels}u;
  let tile = r2 % tiles;
  let n = r2 / tiles;
  // What this thread fetches for all.
  let pixel = tile * ${tilePixels}u + lane / 2u;
  let px = pixel % u.ow;
  let q = pixel / u.ow;
  let py = q % u.oh;
  let image = ${own === undefined ? "q / u.oh" : "own[2u * n]"};
  let start = ${own === undefined ? "group" : "own[2u * n + 1u]"} * u.panel;
  let column = block * ${tileColumns / 4}u + lane % 8u;
  // What it makes: 4 pixels from row, 4 columns at j.
  let row = lane / 8u;
  let j = lane % 8u;
${each(4, (p) => `  var a${p} = vec4f();`).join("\n")}
  for (var k0 = 0u; k0 < u.long; k0 += ${step}u) {
    let k = k0 + (lane % 2u) * 4u;
    var v = vec4f();
${fetch}
    for (var e = 0u; e < 4u; e++) { pixels[((lane % 2u) * 4u + e) * ${tilePixels}u + lane / 2u] = v[e]; }
    let kf = k0 + lane / 8u;
    filters[lane] = select(vec4f(), f[start + kf * u.wide + column], kf < u.long && column < u.wide);
    workgroupBarrier();
    for (var e = 0u; e < ${step}u; e++) {
      let w = filters[e * 8u + j];
      let at = e * ${tilePixels}u + row * 4u;
${each(4, (p) => `      a${p} = fma(vec4f(pixels[at + ${p}u]), w, a${p});`).join("\n")}
    }
    workgroupBarrier();
  }
  let first = (block * ${tileColumns / 4}u + j) * 4u;
  if (first < u.columns) {
    let channel = group * u.columns + first;
    let b4 = bias(channel);
    let origin = tile * ${tilePixels}u + row * 4u;
${each(4, (p) => `    if (origin + ${p}u < u.pixels) { finish((n * u.pixels + origin + ${p}u) * u.all + channel, u.columns - first, a${p} + b4); }`).join("\n")}
  }`;
}

export function sharedDispatches(
  { windows, following, types, beside = false }: Product,
  x: Part,
  filters: Part,
  rest: readonly Part[],
  io: Pick<Io, "output" | "table">,
): Dispatch[] {
  const { images, groups, to, depth, columns, kernel, own } = windows;
  // Pixels of all images are one row, unless each image has filters of its own.
  const pixels = to[0] * to[1] * (own === undefined ? images : 1);
  const long = kernel[0] * kernel[1] * depth;
  const wide = Math.ceil(columns / 4);
  const count = (own?.length ?? 1) * Math.ceil(pixels / tilePixels) * groups * Math.ceil(columns / tileColumns);
  if (count * pixels * columns === 0) return [];
  const whole = depth % 4 === 0;
  const of = storageOf(types.from);
  const end = epilogue(following, types, columns % 4 === 0, rest, io.output, filters);
  return [
    perGroup({
      label: "shared 32×32",
      groups: count,
      size: 64,
      uniforms: {
        split: groups,
        pixels,
        ...geometryUniforms(windows),
        depth,
        long,
        pitch: depth * groups,
        wide,
        panel: long * wide,
        columns,
        all: columns * groups,
        ...end.uniforms,
      },
      bindings: [
        { name: "x", of: vectorOf(of, whole), part: x, write: beside },
        { name: "f", of: "vec4f", part: filters },
        ...ownBinding(windows, io),
        ...end.bindings,
      ],
      uses: end.uses,
      before: `var<workgroup> pixels: array<f32, ${tilePixels * step}>;
var<workgroup> filters: array<vec4f, ${step * (tileColumns / 4)}>;
${end.text}`,
      body: textOf(windows, whole),
    }),
  ];
}

export function shared(product: Product, packs: GpuKernel["packs"]): GpuKernel {
  const { images, groups, to, columns, turned } = product.windows;
  if (images * groups * columns * to[0] * to[1] === 0) return idle;
  return {
    variant: `shared 32×32${turned ? ", turned" : ""}`,
    ...(packs === undefined ? {} : { packs }),
    dispatches: (io) => sharedDispatches(product, io.inputs[0]!, io.inputs[1]!, io.inputs.slice(2), io),
  };
}
