/**
 * Winograd's F(4×4, 3×3): 16 outputs of a 3×3 convolution of stride 1 from 36 products instead of 144.
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *
 * Points 0, ±a, ±b, ∞ with a = √½, b = √2: their powers stay near 1, so the error is a fifth of that of 0, ±1, ±2. With ab = 1
 * and a² + b² = 5/2,
 *
 *     Bᵀ = 1  0 −5/2   0 1 0     G =    1     0    0      Aᵀ = 1 1   1   1    1  0
 *          0 −b −2     a 1 0         −2/3 −2a/3 −1/3           0 a  −a   b   −b  0
 *          0  b −2    −a 1 0         −2/3  2a/3 −1/3           0 ½   ½   2    2  0
 *          0 −a −1/2   b 1 0          1/6   b/6  1/3           0 a/2 −a/2 2b −2b 1
 *          0  a −1/2  −b 1 0          1/6  −b/6  1/3
 *          0  1  0  −5/2 0 1            0     0    1
 *
 * Three dispatches: windows to V[point][tile][channel], 36 products with U[point][channel][filter] to M[point][tile][filter],
 * and M to outputs. V and M lie in scratch; where there are many tiles, they are done in rounds.
 */
import type { Pack, Spec } from "@tatamijs/core/backend";
import {
  ceilTo,
  partAlignment,
  type Dispatch,
  type GpuKernel,
  type Io,
  type Operand,
  type Part,
  type Tiles,
} from "../kernel.ts";
import { each, perThread } from "../shader.ts";
import { storageOf, vectorOf } from "../values.ts";
import { epilogue } from "./epilogue.ts";
import { productDispatches } from "./product.ts";
import { gather, spread, weigh } from "./winogradTexts.ts";
import { nothing, type Following, type Product, type Types, type Windows } from "./size.ts";

const points = 36;
/** Bytes of V and M in a round. */
const roundBytes = 64 * 2 ** 20;

/** Where it is the faster one: enough channels to pay for the transforms, and maps that tiles of 4 × 4 cover well. */
export function winogradPays({
  kernel,
  stride,
  dilation,
  groups,
  depth,
  columns,
  to,
  images,
  turned,
}: Windows): boolean {
  if (turned || groups !== 1 || depth % 4 !== 0 || columns % 4 !== 0) return false;
  if (kernel.some((k) => k !== 3) || [...stride, ...dilation].some((k) => k !== 1)) return false;
  const tiles = images * Math.ceil(to[0] / 4) * Math.ceil(to[1] / 4);
  const tile = 36 * depth * columns + 300 * (depth + columns);
  return 9 * depth * columns * images * to[0] * to[1] > 1.2 * tile * tiles;
}

/** Filters as U: every point a matrix of depth × columns, the columns in vectors of four. */
export function winogradPack(input: number, spec: Spec, { depth, columns, back }: Windows): Pack {
  const wide = columns / 4;
  const channels = back ? columns : depth;
  const kernel: GpuKernel = {
    variant: "winograd filters",
    dispatches: ({ inputs: [w], output }) => [
      perThread({
        label: "winograd filters",
        threads: depth * wide,
        uniforms: {
          wide,
          depth,
          start: back ? 8 * channels : 0,
          tap: back ? -channels : channels,
          row: back ? 9 * channels : 1,
          column: back ? 1 : 9 * channels,
        },
        bindings: [
          { name: "x", of: storageOf(spec.dtype), part: w! },
          { name: "y", of: "vec4f", part: output, write: true },
        ],
        before: `fn four(at: u32, step: u32) -> vec4f {
  return vec4f(f32(x[at]), f32(x[at + step]), f32(x[at + 2u * step]), f32(x[at + 3u * step]));
}`,
        body: `  let j = i % u.wide;
  let k = i / u.wide;
  let first = u.start + k * u.row + 4u * j * u.column;
  var t: array<vec4f, 18>;
  for (var c = 0u; c < 3u; c++) {
    let g0 = four(first + c * u.tap, u.column);
    let g1 = four(first + (c + 3u) * u.tap, u.column);
    let g2 = four(first + (c + 6u) * u.tap, u.column);
${weigh(
  (m) => `g${m}`,
  (m, value) => `t[${m * 3}u + c] = ${value};`,
)}
  }
  for (var r = 0u; r < 6u; r++) {
    let at = (r * 6u * u.depth + k) * u.wide + j;
    let step = u.depth * u.wide;
${weigh(
  (m) => `t[r * 3u + ${m}u]`,
  (m, value) => `y[at + ${m}u * step] = ${value};`,
)}
  }`,
      }),
    ],
  };
  return {
    input,
    key: `winograd ${depth}×${columns}${back ? " back" : ""}`,
    bytes: points * depth * wide * 16,
    kernel,
  };
}

interface Round {
  /** The first tile, and how many. */
  readonly first: number;
  readonly tiles: number;
}

export function winograd(
  windows: Windows,
  following: Following,
  types: Types,
  packs: readonly Pack[],
  on: Tiles,
): GpuKernel {
  const { images, to, depth, columns } = windows;
  const all = images * Math.ceil(to[0] / 4) * Math.ceil(to[1] / 4);
  const perTile = points * (depth + columns) * 4;
  const most = Math.min(all, Math.max(64, Math.floor(roundBytes / perTile)));
  const rounds = Array.from({ length: Math.ceil(all / most) }, (_, r): Round => ({
    first: r * most,
    tiles: Math.min(most, all - r * most),
  }));
  const vBytes = ceilTo(points * most * depth * 4, partAlignment);
  const mBytes = points * most * columns * 4;
  const products = rounds.map((round) => productOf(windows, round));
  return {
    variant: `winograd 4×4, 3×3${rounds.length > 1 ? `, ${rounds.length} rounds` : ""}`,
    exact: false,
    packs,
    products,
    scratch: vBytes + mBytes,
    dispatches(io) {
      const [x, u, ...rest] = io.inputs;
      return rounds.flatMap((round, r) => {
        const v = io.scratch(0, points * round.tiles * depth * 4);
        const m: Operand = {
          ...io.scratch(vBytes, points * round.tiles * columns * 4),
          spec: { shape: [points, round.tiles, columns], dtype: "f32" },
        };
        return [
          inputTransform(windows, types, round, x!, v),
          ...productDispatches(on, products[r]!, v, u!, [], {
            output: m,
            scratch: (at, bytes) => io.scratch(at, bytes),
            table: (key, make) => io.table(key, make),
          }),
          outputTransform(windows, following, types, round, m, rest, io, on.quads),
        ];
      });
    },
  };
}

/** Tiles × depth × columns at every point, each with filters of its own. */
function productOf({ depth, columns }: Windows, { tiles }: Round): Product {
  const windows: Windows = {
    images: points,
    groups: 1,
    from: [1, tiles],
    to: [1, tiles],
    depth,
    columns,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    turned: false,
    back: false,
    own: Array.from({ length: points }, (_, p) => [p, p] as const),
  };
  return { windows, following: nothing, types: { from: "f32", to: "f32" }, beside: true };
}

/** Tile `i / wide` of a round: its image and its corner. */
const corner = `  let tile = u.first + local;
  let tx = tile % u.across;
  let q = tile / u.across;
  let ty = q % u.down;
  let n = q / u.down;`;

const tilesOf = ({ to }: Windows): Record<string, number> => ({
  across: Math.ceil(to[1] / 4),
  down: Math.ceil(to[0] / 4),
});

function inputTransform(windows: Windows, { from }: Types, { first, tiles }: Round, x: Part, v: Part): Dispatch {
  const wide = windows.depth / 4;
  return perThread({
    label: "winograd windows",
    threads: tiles * wide,
    uniforms: {
      wide,
      tiles,
      first,
      ...tilesOf(windows),
      h: windows.from[0],
      w: windows.from[1],
      top: windows.padding[0],
      left: windows.padding[1],
    },
    bindings: [
      { name: "x", of: vectorOf(storageOf(from), true), part: x },
      { name: "y", of: "vec4f", part: v, write: true },
    ],
    body: `  let c = i % u.wide;
  let local = i / u.wide;
${corner}
  let iy = i32(ty * 4u) - i32(u.top);
  let ix = i32(tx * 4u) - i32(u.left);
  let down = u.w * u.wide;
  let start = u32(i32(n * u.h * u.w) + iy * i32(u.w) + ix) * u.wide + c;
${each(6, (r) => `  let in${r} = u32(iy + ${r}) < u.h;`).join("\n")}
${each(
  6,
  (b) => `  let fits${b} = u32(ix + ${b}) < u.w;
${each(6, (r) => `  let d${r}_${b} = select(vec4f(), vec4f(x[start + ${b}u * u.wide + ${r}u * down]), fits${b} && in${r});`).join("\n")}`,
).join("\n")}
${each(36, (k) => `  var t${k}: vec4f;`).join("\n")}
${each(6, (b) =>
  spread(
    (k) => `d${k}_${b}`,
    (k, value) => `t${k * 6 + b} = ${value};`,
  ),
).join("")}
  let step = u.tiles * u.wide;
  let at = local * u.wide + c;
${each(6, (r) =>
  spread(
    (k) => `t${r * 6 + k}`,
    (k, value) => `y[at + ${r * 6 + k}u * step] = ${value};`,
  ),
).join("")}`,
  });
}

function outputTransform(
  windows: Windows,
  following: Following,
  types: Types,
  { first, tiles }: Round,
  m: Part,
  rest: readonly Part[],
  { output }: Io,
  processor: boolean,
): Dispatch {
  const wide = windows.columns / 4;
  const end = epilogue(following, types, true, rest, output, m, processor);
  return perThread({
    label: "winograd outputs",
    threads: tiles * wide,
    uniforms: { wide, tiles, first, ...tilesOf(windows), oh: windows.to[0], ow: windows.to[1], ...end.uniforms },
    bindings: [{ name: "x", of: "vec4f", part: m }, ...end.bindings],
    uses: end.uses,
    before: end.text,
    body: `  let c = i % u.wide;
  let local = i / u.wide;
${corner}
${end.bounds}
  let b4 = bias(4u * c);
  let step = u.tiles * u.wide;
  let start = local * u.wide + c;
${each(36, (k) => `  let m${k} = x[start + ${k}u * step];`).join("\n")}
${each(24, (k) => `  var t${k}: vec4f;`).join("\n")}
${each(6, (b) =>
  gather(
    (k) => `m${k * 6 + b}`,
    (k, value) => `t${k * 6 + b} = ${value};`,
  ),
).join("")}
  let left = u.ow - tx * 4u;
${each(4, (r) => {
  const row = gather(
    (k) => `t${r * 6 + k}`,
    (k, value) =>
      `${k === 0 ? "" : `if (left > ${k}u) `}{ finish((at + ${k}u * u.wide) * 4u, 4u, ${value} + b4, low, high); }`,
  );
  return `  if (ty * 4u + ${r}u < u.oh) {
    let at = ((n * u.oh + ty * 4u + ${r}u) * u.ow + tx * 4u) * u.wide + c;
${row}
  }`;
}).join("\n")}`,
  });
}
