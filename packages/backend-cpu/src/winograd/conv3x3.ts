/** 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): transform tiles in, 36 matrix products, transform out. */
import type { Algorithm, Tools } from "../conv/convolution.ts";
import type { ConvSize } from "../conv/size.ts";
import type { Turn } from "../conv/turned.ts";
import type { Thirds } from "../gemm/panels.ts";
import type { CpuKernel } from "../kernel.ts";
import { points, transforms } from "./transforms.ts";

/** In `parts` parts. `turn`: filters arrive in the form of the convolution whose gradient this is. */
export function winograd(size: ConvSize, parts: number, turn: Turn | undefined, tools: Tools): Algorithm {
  const { channels, filters } = size;
  const elements = points * channels * filters;
  const { filters: transform } = transforms(tools.panels().c);
  const kernel: CpuKernel = {
    bind({ inputs, output }) {
      const w = inputs[0] as Float32Array;
      const own = turn === undefined ? w : new Float32Array(w.length);
      const to = new Float64Array(output.buffer, output.byteOffset, elements);
      return () => {
        turn?.(own, w);
        transform(to, own, filters, channels);
      };
    },
  };
  return {
    packs: [{ input: 1, key: `winograd-4x4${turn === undefined ? "" : "-turned"}`, bytes: elements * 8, kernel }],
    // Whole numbers come out exact, but a NaN or ∞ spreads over its tile, and what should be 0 may be 1e-15.
    exact: false,
    sums(x, w, bias, out, finish) {
      const run = products(size, parts, x, new Float64Array(w.buffer, w.byteOffset, elements), bias, out, tools);
      return () => {
        run();
        finish(0, out.length);
      };
    },
  };
}

interface TileBlock {
  readonly first: number;
  readonly count: number;
  readonly cut: Thirds;
}

/** `u`: the transformed filters. */
function products(
  { batch, channels, filters, attrs }: ConvSize,
  parts: number,
  x: Float32Array,
  u: Float64Array,
  bias: Float32Array,
  out: Float32Array,
  { panels, tile, unknownZero, thirds }: Tools,
): () => void {
  const { a0, a1, a2, b0, b1, b2, c } = panels();
  const a = [a0, a1, a2];
  const run = tile();
  const never = unknownZero();
  const { input: into, output: outOf } = transforms(c);
  const [h, w] = attrs.input;
  const [oh, ow] = attrs.output;
  const [top, left] = attrs.padding;
  const tilesX = Math.ceil(ow / 4);
  const tilesY = Math.ceil(oh / 4);
  const tiles = batch * tilesX * tilesY;
  const each = Math.ceil(tiles / parts);
  const blocks: TileBlock[] = [];
  for (let first = 0; first < tiles; first += each) {
    const count = Math.min(each, tiles - first);
    blocks.push({ first, count, cut: thirds(count) });
  }
  // Columns (filters) that fit in the b-panels at once, and their views of the transformed filters, by point.
  const columns = Math.min(filters, 3 * Math.floor(b0.length / channels));
  const columnBlocks: { first: number; cut: Thirds; views: Float64Array[][] }[] = [];
  for (let first = 0; first < filters; first += columns) {
    const cut = thirds(Math.min(columns, filters - first));
    const views = Array.from({ length: points }, (_, point) =>
      [0, cut.second, cut.third].map((start) => {
        const from = (point * filters + first + start) * channels;
        return u.subarray(from, from + cut.size * channels);
      }),
    );
    columnBlocks.push({ first, cut, views });
  }
  const border = new Float32Array(36 * channels);

  const load = (panel: Float64Array, slot: number, slots: number, index: number): void => {
    const ty = ((index / tilesX) | 0) % tilesY;
    const y0 = ty * 4 - top;
    const x0 = (index % tilesX) * 4 - left;
    const image = ((index / (tilesX * tilesY)) | 0) * h * w;
    const step = slots * channels;
    if (y0 >= 0 && y0 + 6 <= h && x0 >= 0 && x0 + 6 <= w) {
      into(panel, slot * channels, step, x, (image + y0 * w + x0) * channels, w * channels, channels, channels);
    } else {
      window6(border, x, image, y0, x0, h, w, channels);
      into(panel, slot * channels, step, border, 0, 6 * channels, channels, channels);
    }
  };

  return () => {
    for (let b = 0; b < blocks.length; b++) {
      const { first, count, cut } = blocks[b]!;
      for (let i = 0; i < 3; i++) {
        const start = first + (i === 0 ? 0 : i === 1 ? cut.second : cut.third);
        for (let t = 0; t < cut.size; t++) load(a[i]!, t, cut.size, start + t);
      }
      for (let point = 0; point < points; point++) {
        for (let j = 0; j < columnBlocks.length; j++) {
          const block = columnBlocks[j]!;
          const views = block.views[point]!;
          b0.set(views[0]!);
          b1.set(views[1]!);
          b2.set(views[2]!);
          const { size: groups, second, third } = block.cut;
          const at = point * count * filters + block.first;
          for (let g = 0; g < groups; g++) {
            run(
              cut.size,
              channels,
              point * cut.size * channels,
              g * channels,
              at + g,
              filters,
              cut.second * filters,
              cut.third * filters,
              second,
              third,
              never,
            );
          }
        }
      }
      for (let t = 0; t < count; t++) {
        const index = first + t;
        const oy = (((index / tilesX) | 0) % tilesY) * 4;
        const ox = (index % tilesX) * 4;
        const image = ((index / (tilesX * tilesY)) | 0) * oh;
        outOf(
          out,
          ((image + oy) * ow + ox) * filters,
          ow * filters,
          filters,
          Math.min(4, oh - oy),
          Math.min(4, ow - ox),
          t * filters,
          count * filters,
          filters,
          bias,
        );
      }
    }
  };
}

/** The 6×6 window at (y0, x0), zeros where it lies outside the image. */
function window6(
  to: Float32Array,
  x: Float32Array,
  image: number,
  y0: number,
  x0: number,
  h: number,
  w: number,
  channels: number,
): void {
  let k = 0;
  for (let y = y0; y < y0 + 6; y++) {
    for (let xx = x0; xx < x0 + 6; xx++) {
      const end = k + channels;
      if (y < 0 || y >= h || xx < 0 || xx >= w) {
        while (k < end) to[k++] = 0;
      } else {
        let at = (image + y * w + xx) * channels;
        while (k < end) to[k++] = x[at++]!;
      }
    }
  }
}
