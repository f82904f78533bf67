/**
 * The product over windows on registers alone: a thread makes P neighbouring pixels of 4·J channels. Convolutions, their input
 * gradients, 1×1 and dense layers and matrix products are all this (a matrix is an image of one row).
 *
 * Per tap and four channels of depth it reads P vectors of the image and 4·J of the filters for 4·P·J multiply–adds of
 * vectors. Pixels lie in a row, so the row's test of the border is made once; the columns' test is left out where no window
 * reaches over the border.
 */
import { sizeOf } from "@tatamijs/core/backend";
import { idle, type Dispatch, type GpuKernel, type Io, type Part } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf } from "../values.ts";
import { epilogue } from "./epilogue.ts";
import type { Following, Types, Windows } from "./size.ts";

interface Tile {
  /** Pixels and vectors of four channels of a thread. */
  readonly pixels: number;
  readonly vectors: number;
}

/** The widest of a few tiles that leaves little of a row unused: 28 accumulators at most, or compilers spill. */
export function tileOf({ to, columns, stride, turned }: Windows): Tile {
  const vectors = columns > 4 ? 2 : 1;
  const width = turned ? Math.ceil(to[1] / stride[1]) : to[1];
  let best = 1;
  let least = Infinity;
  for (const pixels of [14, 8, 7, 4, 1]) {
    // A tile costs its pixels and about four more: filters, addresses.
    const cost = Math.ceil(width / pixels) * (pixels + 4);
    if (cost < least) [best, least] = [pixels, cost];
  }
  return { pixels: best, vectors };
}

const each = <T>(n: number, f: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => f(k));

/** Images of `windows` where one row will do: 1×1, every pixel by itself. */
export function flattened(windows: Windows): Windows {
  const { kernel, stride, padding, from, images, own } = windows;
  const plain = own === undefined && [...kernel, ...stride].every((k) => k === 1) && padding.every((p) => p === 0);
  if (!plain || from[0] !== windows.to[0] || from[1] !== windows.to[1]) return windows;
  const row = [1, images * from[0] * from[1]] as const;
  return { ...windows, images: 1, from: row, to: row };
}

/** @param whole - channels in memory are vectors of four, and groups begin at one. */
function textOf(windows: Windows, { pixels, vectors }: Tile, whole: boolean, half: boolean): string {
  const { turned, own, stride, dilation, padding, kernel, from, to } = windows;
  const open = !turned && padding[1] === 0 && (to[1] - 1) * stride[1] + (kernel[1] - 1) * dilation[1] < from[1];
  const load = (p: number, at: string): string => {
    const value = whole ? `vec4f(x[${at}])` : `f32(x[${at}])`;
    const zero = whole ? "vec4f()" : "0.0";
    return open ? value : `select(${zero}, ${value}, u32(ix + ${p}${turned ? "" : " * i32(u.sx)"}) < u.w)`;
  };
  void half;
  const step = turned ? 1 : "u.sx";
  const sums = each(pixels, (p) => each(vectors, (j) => `a${p}_${j}`)).flat();
  const inner = whole
    ? `        for (var k = 0u; k < u.depth4; k++) {
${each(4, (e) => each(vectors, (j) => `          let w${e}_${j} = f[at + ${e}u * u.wide + ${j}u];`).join("\n")).join("\n")}
          at += 4u * u.wide;
${each(pixels, (p) => {
  const sum = (j: number): string =>
    `          a${p}_${j} = fma(vec4f(v${p}.w), w3_${j}, fma(vec4f(v${p}.z), w2_${j}, fma(vec4f(v${p}.y), w1_${j}, fma(vec4f(v${p}.x), w0_${j}, a${p}_${j}))));`;
  return `          let v${p} = ${load(p, `line + ${p}u * ${step === 1 ? "u.pitch" : "u.jump"} + k`)};\n${each(vectors, sum).join("\n")}`;
}).join("\n")}
        }`
    : `        for (var k = 0u; k < u.depth; k++) {
${each(vectors, (j) => `          let w${j} = f[at + ${j}u];`).join("\n")}
          at += u.wide;
${each(pixels, (p) => `          let v${p} = ${load(p, `line + ${p}u * ${step === 1 ? "u.pitch" : "u.jump"} + k`)};\n${each(vectors, (j) => `          a${p}_${j} = fma(vec4f(v${p}), w${j}, a${p}_${j});`).join("\n")}`).join("\n")}
        }`;
  const row = turned
    ? `      let ty = i32(oy) + i32(u.top) - i32(ky * u.dy);
      if (ty % i32(u.sy) != 0) { continue; }
      let iy = ty / i32(u.sy);`
    : `      let iy = i32(oy * u.sy + ky * u.dy) - i32(u.top);`;
  const column = turned
    ? `        let tx = i32(rx) + i32(u.left) - i32(kx * u.dx);
        if (tx % i32(u.sx) != 0) { continue; }
        let ix = i32(q) + tx / i32(u.sx);`
    : `        let ix = i32(ox * u.sx + kx * u.dx) - i32(u.left);`;
  return `  let block = i % u.blocks;
  let s = i / u.blocks;
  let group = s % u.groups;
  let r = s / u.groups;
  let tile = r % u.tiles;
  let r2 = r / u.tiles;
  let oy = r2 % u.oh;
  let n = r2 / u.oh;
${
  turned
    ? `  let rx = tile % u.sx;
  let q = (tile / u.sx) * ${pixels}u;
  let ox = rx + u.sx * q;`
    : `  let ox = tile * ${pixels}u;`
}
  let image = ${own === undefined ? "n" : "own[2u * n]"};
${sums.map((sum) => `  var ${sum} = vec4f();`).join("\n")}
  let start = ${own === undefined ? "group" : "own[2u * n + 1u]"} * u.panel + block * ${vectors}u;
  for (var ky = 0u; ky < u.kh; ky++) {
${row}
      if (u32(iy) >= u.h) { continue; }
      for (var kx = 0u; kx < u.kw; kx++) {
${column}
        let line = u32(i32((image * u.h + u32(iy)) * u.w) + ix) * u.pitch + group * u.${whole ? "depth4" : "depth"};
        var at = start + (ky * u.kw + kx) * u.tap;
${inner}
      }
  }
  let first = block * ${4 * vectors}u;
  let out = (n * u.oh + oy) * u.ow;
${each(pixels, (p) => {
  const x = turned ? `ox + ${p}u * u.sx` : `ox + ${p}u`;
  const stores = each(
    vectors,
    (j) =>
      `    ${j === 0 ? "" : `if (first + ${4 * j}u < u.columns) { `}finish((out + ${x}) * u.all + group * u.columns + first + ${4 * j}u, group * u.columns + first + ${4 * j}u, u.columns - first - ${4 * j}u, a${p}_${j});${j === 0 ? "" : " }"}`,
  );
  return `  if (${x} < u.ow) {\n${stores.join("\n")}\n  }`;
}).join("\n")}`;
}

export interface Product {
  readonly windows: Windows;
  readonly following: Following;
  readonly types: Types;
}

/** The dispatch over x, packed filters, then bias and residual. */
export function directDispatches(
  { windows: given, following, types }: Product,
  x: Part,
  filters: Part,
  rest: readonly Part[],
  io: Pick<Io, "output" | "table">,
): Dispatch[] {
  const windows = flattened(given);
  const { images, groups, from, to, depth, columns, kernel, stride, padding, dilation, turned, own } = windows;
  if (images * groups * to[0] * to[1] * columns === 0) return [];
  const tile = tileOf(windows);
  const whole = depth % 4 === 0;
  const wide = Math.ceil(columns / 4);
  const blocks = Math.ceil(wide / tile.vectors);
  const tiles = turned
    ? stride[1] * Math.ceil(Math.ceil(to[1] / stride[1]) / tile.pixels)
    : Math.ceil(to[1] / tile.pixels);
  const pitch = whole ? (depth * groups) / 4 : depth * groups;
  const of = storageOf(types.from);
  const end = epilogue(following, types, columns % 4 === 0, rest, io.output);
  return [
    perThread({
      label: `direct ${tile.pixels}×${tile.vectors * 4}`,
      threads: images * groups * to[0] * tiles * blocks,
      uniforms: {
        blocks,
        groups,
        tiles,
        oh: to[0],
        ow: to[1],
        h: from[0],
        w: from[1],
        kh: kernel[0],
        kw: kernel[1],
        sy: stride[0],
        sx: stride[1],
        top: padding[0],
        left: padding[1],
        dy: dilation[0],
        dx: dilation[1],
        depth,
        depth4: depth / 4,
        pitch,
        jump: pitch * stride[1],
        wide,
        tap: depth * wide,
        panel: kernel[0] * kernel[1] * depth * wide,
        columns,
        all: columns * groups,
      },
      bindings: [
        { name: "x", of: whole ? (of === "f16" ? "vec4h" : "vec4f") : of, part: x },
        { name: "f", of: "vec4f", part: filters },
        ...(own === undefined
          ? []
          : [{ name: "own", of: "u32", part: io.table(`own ${own.join()}`, () => Uint32Array.from(own.flat())) }]),
        ...end.bindings,
      ],
      uses: end.uses,
      before: end.text,
      body: textOf(windows, tile, whole, of === "f16"),
    }),
  ];
}

/** The kernel whose operand 1 arrives as panels. */
export function direct(product: Product, packs: GpuKernel["packs"]): GpuKernel {
  const { images, groups, to, columns } = product.windows;
  if (images * groups * columns * sizeOf(to) === 0) return idle;
  const { pixels, vectors } = tileOf(flattened(product.windows));
  return {
    variant: `direct ${pixels}×${vectors * 4}${product.windows.turned ? ", turned" : ""}`,
    ...(packs === undefined ? {} : { packs }),
    dispatches: (io) => directDispatches(product, io.inputs[0]!, io.inputs[1]!, io.inputs.slice(2), io),
  };
}
