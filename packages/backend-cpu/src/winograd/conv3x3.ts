/** 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): transform tiles in, 36 matrix products, transform out. */
import type { ConvAttrs, Geometry } from "@tatamijs/core/backend";
import { aThird, bThird, cSize, panels, thirds, type Thirds } from "../gemm/panels.ts";
import { tile, unknownZero } from "../gemm/tile.ts";
import { points, transformInput, transformOutput } from "./transforms.ts";

export interface Winograd {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly geometry: Geometry;
}

/** Tiles of 4×4 results in the whole batch. */
function tilesOf({ batch, geometry: { output } }: Winograd): number {
  return batch * Math.ceil(output[0] / 4) * Math.ceil(output[1] / 4);
}

/**
 * Whether it beats direct sums: nanoseconds as measured on one machine; only their ratios matter.
 */
export function winogradPays(size: Winograd, { groups }: ConvAttrs): boolean {
  const { batch, channels, filters, geometry } = size;
  const { kernel, stride, dilation, output } = geometry;
  if (
    groups !== 1 ||
    kernel[0] !== 3 ||
    kernel[1] !== 3 ||
    stride[0] * stride[1] !== 1 ||
    dilation[0] * dilation[1] !== 1
  )
    return false;
  if (channels > 1024 || filters > 1024 || channels < 4 || filters < 4) return false;
  const tiles = tilesOf(size);
  const rows = batch * output[0] * output[1];
  const blocks = Math.ceil(tiles / tilesAtOnce(size));
  const direct = rows * 9 * channels * (0.5 + 0.2 * filters);
  const transforms = tiles * (45 * channels + 35 * filters);
  const products =
    points *
    (Math.ceil(tiles / (3 * blocks)) * 3 * blocks * channels * filters * 0.2 + blocks * channels * filters * 0.25);
  return transforms + products < 0.9 * direct;
}

/** Bytes of the transformed filters. */
export function winogradBytes({ channels, filters }: Winograd): number {
  return points * channels * filters * 8;
}

function tilesAtOnce({ channels, filters }: Winograd): number {
  return Math.max(3, Math.min(3 * Math.floor(aThird / (points * channels)), Math.floor(cSize / (points * filters))));
}

interface TileBlock {
  readonly first: number;
  readonly count: number;
  readonly cut: Thirds;
}

export function winograd(
  size: Winograd,
  x: Float32Array,
  u: Float64Array,
  bias: Float32Array | undefined,
  out: Float32Array,
): () => void {
  const { channels, filters, geometry } = size;
  const { a0, a1, a2, b0, b1, b2 } = panels();
  const a = [a0, a1, a2];
  const run = tile();
  const never = unknownZero();
  const into = transformInput();
  const outOf = transformOutput();
  const [h, w] = geometry.input;
  const [oh, ow] = geometry.output;
  const [top, left] = geometry.padding;
  const tilesX = Math.ceil(ow / 4);
  const tilesY = Math.ceil(oh / 4);
  const tiles = tilesOf(size);
  const parts = Math.ceil(tiles / tilesAtOnce(size));
  const each = Math.ceil(tiles / parts);
  const blocks: TileBlock[] = [];
  for (let first = 0; first < tiles; first += each) {
    const count = Math.min(each, tiles - first);
    blocks.push({ first, count, cut: thirds(count) });
  }
  // Columns (filters) that fit in the b-panels at once, and their views of the transformed filters, by point.
  const columns = Math.min(filters, 3 * Math.floor(bThird / channels));
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
  const noBias = bias ?? new Float32Array(filters);

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
              0,
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
          noBias,
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
