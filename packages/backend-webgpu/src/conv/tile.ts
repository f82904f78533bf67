/** Tiles of the product over windows in memory that a workgroup shares (conv/shared.ts), and which of them a product is for. */
import { large, multiplyAddsOf, type Product } from "./size.ts";

export interface Tile {
  /** Of a workgroup. */
  readonly pixels: number;
  readonly columns: number;
  /** Rows of depth that are fetched at a time; a divisor of 16. */
  readonly step: number;
  /** Of a thread: pixels, and vectors of four columns. */
  readonly each: readonly [pixels: number, vectors: number];
}

export type TileName = "32x32" | "32x64" | "64x32" | "64x64" | "64x64-wide" | "8x128";

/**
 * Which is the fastest is a matter of registers, banks and caches, which no adapter tells: 8 × 8 threads of 4 × 4 sums are at
 * four fifths of the best or better on most GPUs, wider threads win where registers are many, flat tiles where pixels are few.
 */
export const tiles: Readonly<Record<TileName, Tile>> = {
  "32x32": { pixels: 32, columns: 32, step: 8, each: [4, 1] },
  "32x64": { pixels: 32, columns: 64, step: 8, each: [4, 2] },
  "64x32": { pixels: 64, columns: 32, step: 8, each: [8, 1] },
  "64x64": { pixels: 64, columns: 64, step: 16, each: [4, 1] },
  "64x64-wide": { pixels: 64, columns: 64, step: 16, each: [8, 2] },
  "8x128": { pixels: 8, columns: 128, step: 16, each: [4, 1] },
};

/** A tile in shared memory, or "direct": registers alone (conv/direct.ts). */
export type Way = TileName | "direct";

export const allWays: readonly Way[] = ["direct", ...(Object.keys(tiles) as TileName[])];

/** Threads of a workgroup. */
export const threadsOf = ({ pixels, columns, each }: Tile): number => (pixels / each[0]) * (columns / (4 * each[1]));

/** Rows of the product as a matrix: pixels of all images, unless each image has filters of its own. */
export const rowsOf = ({ windows: { images, to, own } }: Product): number =>
  to[0] * to[1] * (own === undefined ? images : 1);

/** What does well anywhere, for a product that is not measured. */
export function usualWay(product: Product): TileName {
  return rowsOf(product) <= 16 && product.windows.columns >= 64 ? "8x128" : "32x32";
}

/** The ways that may be the fastest, the usual one first; one alone where there is nothing to gain. */
export function candidates(product: Product): readonly Way[] {
  const usual = usualWay(product);
  if (multiplyAddsOf(product.windows) < large) return [usual];
  return [usual, ...allWays.filter((way) => way !== usual && !wastes(way, product))];
}

/** Would more than half of a tile be empty, where a smaller one is not? */
function wastes(way: Way, product: Product): boolean {
  if (way === "direct") return false;
  const { pixels, columns } = tiles[way];
  return (pixels > 32 && rowsOf(product) <= pixels / 2) || (columns > 32 && product.windows.columns <= columns / 2);
}
