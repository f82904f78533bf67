/** How one number of a result came to be, from the picture's bytes; and means of blocks, for a table. */
import { explainer } from "@tatamijs/core/explain";
import type { Layer } from "tatamijs";
import { brightnessOf } from "./graph.ts";
import { turned, type Filter } from "./kernels.ts";
import { columnsOf, gap } from "./paint.ts";
import type { Blocks, Looked, Spot } from "./protocol.ts";

/** A frame that was filtered. */
export interface Frame {
  /** rgba. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** [rows, columns, channels]. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

const inside = (v: number, size: number): number => Math.max(0, Math.min(size - 1, v));

function seen({ pixels, width, height }: Frame, y: number, x: number, channel: number | undefined): number {
  const at = (inside(y, height) * width + inside(x, width)) * 4;
  return channel === undefined ? brightnessOf(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!) : pixels[at + channel]!;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, k) => sum + v * b[k]!, 0);

/** In colour, green stands for the three. */
export function look(frame: Frame, filter: Filter, { y, x }: Spot): Looked {
  const { size, weights, divisor, offset, shown } = filter;
  const [row, column] = [inside(y, frame.rows), inside(x, frame.columns)];
  const border = (size - 1) / 2;
  const channel = shown === "colour" ? 1 : undefined;
  const window = Array.from({ length: size * size }, (_, k) =>
    seen(frame, row + Math.floor(k / size) - border, column + (k % size) - border, channel),
  );
  const value = frame.values[(row * frame.columns + column) * frame.channels + (channel ?? 0)]!;
  const sums = shown === "edges" ? [dot(window, weights), dot(window, turned(filter))] : [dot(window, weights)];
  return { spot: { y: row, x: column, map: 0 }, size, window, weights, sums, divisor, offset, value };
}

/** Of a map of the trained layer: the library says how it came to be. The window is the picture's darkness, 0 to 1. */
export function lookInto(frame: Frame, layers: readonly Layer[], { y, x, map }: Spot): Looked {
  const { width, height } = frame;
  const [row, column] = [inside(y, frame.rows), inside(x, frame.columns)];
  const data = Float32Array.from(
    { length: width * height },
    (_, k) => 1 - seen(frame, Math.floor(k / width), k % width, undefined) / 255,
  );
  const told = explainer(layers, { data, shape: [1, 1, height, width] }).explain({ f: map, y: row, x: column });
  const [channel] = told.channels;
  return {
    spot: { y: row, x: column, map },
    size: channel!.weights.length,
    window: channel!.values.flat(),
    weights: channel!.weights.flat(),
    sums: [told.sum],
    divisor: 1,
    offset: told.bias ?? 0,
    value: frame.values[(row * frame.columns + column) * frame.channels + map]!,
  };
}

/** The pixel of a map under a point of the mosaic. */
export function inMosaic(frame: Frame, y: number, x: number): Spot {
  const columns = columnsOf(frame.channels);
  const [wide, tall] = [frame.columns + gap, frame.rows + gap];
  const map = inside(Math.floor(y / tall) * columns + inside(Math.floor(x / wide), columns), frame.channels);
  return { y: y - Math.floor(map / columns) * tall, x: x - (map % columns) * wide, map };
}

/** Means over 6 × 8 blocks: brightness that went in, and what came out (of several channels, their mean). */
export function blocks(frame: Frame): Blocks {
  const [rows, columns] = [6, 8];
  const mean = (height: number, width: number, of: (y: number, x: number) => number): number[] =>
    Array.from({ length: rows * columns }, (_, k) => {
      const [y0, x0] = [
        Math.floor((Math.floor(k / columns) * height) / rows),
        Math.floor(((k % columns) * width) / columns),
      ];
      const [y1, x1] = [
        Math.floor(((Math.floor(k / columns) + 1) * height) / rows),
        Math.floor((((k % columns) + 1) * width) / columns),
      ];
      let sum = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += of(y, x);
      return sum / Math.max(1, (y1 - y0) * (x1 - x0));
    });
  const { channels, values } = frame;
  return {
    rows,
    columns,
    before: mean(frame.height, frame.width, (y, x) => seen(frame, y, x, undefined)),
    after: mean(frame.rows, frame.columns, (y, x) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += values[(y * frame.columns + x) * channels + c]!;
      return sum / channels;
    }),
  };
}
