/** Tiles of the product on registers alone (conv/direct.ts), and which of them a product is for. */
import { ceilTo } from "../kernel.ts";
import { large, multiplyAddsOf, type Windows } from "./size.ts";

export interface RegisterTile {
  /** Pixels and vectors of four channels of a thread. */
  readonly pixels: number;
  readonly vectors: number;
  /** Four threads load a vector of the image together. */
  readonly quads: boolean;
}

/** With fewer multiply–adds, one small tile does: no text of its own is worth compiling. */
export const isLarge = (windows: Windows): boolean => multiplyAddsOf(windows) >= large;

/** From here on a run takes long enough for a text of twice the size, 0.2 s more to compile, to pay. */
const huge = 1e8;

/** Elements of a row that a thread keeps. */
export const mostKept = 80;

/**
 * The widest of a few tiles that leaves little of a row unused. 28 accumulators are as many as most processors have registers
 * for; of one that plays a GPU they are in memory anyway, and what counts is how few loads, hence instructions, there are.
 * @param mayShare - threads come in quads.
 */
export function tileOf(windows: Windows, mayShare: boolean): RegisterTile {
  const { to, columns, stride, turned, depth, kernel } = windows;
  const vectors = columns > 4 ? 2 : 1;
  const width = turned ? Math.ceil(to[1] / stride[1]) : to[1];
  if (!isLarge(windows)) return { pixels: width > 1 ? 4 : 1, vectors, quads: false };
  let best = 1;
  let least = Infinity;
  const plain = kernel[0] * kernel[1] === 1 && mayShare && depth % 8 === 0;
  for (const pixels of plain && multiplyAddsOf(windows) >= huge ? [28] : [14, 10, 7, 4, 1]) {
    // What a thread keeps of a row of few channels.
    if (depth < 4 && pixels > 4 && ((pixels - 1) * stride[1] + kernel[1]) * depth > mostKept) continue;
    // A tile costs its pixels and about four more: filters, addresses.
    const cost = Math.ceil(width / pixels) * (pixels + 4);
    if (cost < least) [best, least] = [pixels, cost];
  }
  const alone: RegisterTile = { pixels: best, vectors, quads: false };
  if (!mayShare || depth % 4 !== 0) return alone;
  return [alone, { ...alone, quads: true }, { ...alone, vectors: 1, quads: true }].reduce((one, other) =>
    costOf(other, columns) < costOf(one, columns) ? other : one,
  );
}

/** Threads beside each other, for all columns: of quads also those without columns of their own, which load, and store nothing. */
export function blocksOf({ vectors, quads }: RegisterTile, columns: number): number {
  const needed = Math.ceil(columns / (4 * vectors));
  return quads ? ceilTo(needed, 4) : needed;
}

/** Of four channels of depth, in loads. Ten multiply–adds, with what storing their sums takes, were as long as a load. */
function costOf(tile: RegisterTile, columns: number): number {
  const { pixels, vectors, quads } = tile;
  return blocksOf(tile, columns) * (pixels * (quads ? 1 : 4) + 16 * vectors + 0.1 * 16 * pixels * vectors);
}

/** Images of `windows` where one row will do: 1×1, every pixel by itself. */
export function flattened(windows: Windows): Windows {
  const { kernel, stride, padding, from, images, own } = windows;
  const plain = own === undefined && [...kernel, ...stride].every((k) => k === 1) && padding.every((p) => p === 0);
  if (!plain || from[0] !== windows.to[0] || from[1] !== windows.to[1]) return windows;
  const row = [1, images * from[0] * from[1]] as const;
  return { ...windows, images: 1, from: row, to: row };
}
