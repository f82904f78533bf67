/**
 * Matrix products over the panels: blocks of rows, of depth and of columns around the tile loop.
 *
 *     c[row, col] = Σₖ a[row, k] · b[col, k]      handed to `finish` by blocks of rows
 *
 * What the rows are is the two *sides'* business: a contiguous matrix, a transposed one, patches of an image. All block
 * boundaries are fixed here, once; a side answers each with a function that fills the panels.
 */
import { aThird, bThird, cSize, panels, thirds, type Thirds } from "./panels.ts";
import { tile, unknownZero } from "./tile.ts";

export interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** `count` rows (columns of the product, for b) from `first`, elements `from` … `from + depth` of each. */
export interface Block {
  readonly first: number;
  readonly count: number;
  readonly from: number;
  readonly depth: number;
  readonly cut: Thirds;
}

export type Triple = readonly [Float64Array, Float64Array, Float64Array];

/** Answers a block with what packs it into three panels: row t of a third at t · depth. */
export type Side = (block: Block, into: Triple) => () => void;

/**
 * Takes `rows` finished rows from `first`: their columns `column` … `column + width` (all of them, but for a very wide
 * product), which stand in c, `width` wide.
 */
export type Finish = (first: number, rows: number, column: number, width: number) => void;

/** Columns at a time, so that three rows of results fit into c. */
const widest = Math.floor(cSize / 4);

/** Elements of a block of a that stay in a 1 MiB second-level cache beside the others. */
const aBlock = 49152;

export function product(size: Size, a: Side, b: Side, finish: Finish, deepest: number = bThird): () => void {
  const { rows, columns, depth } = size;
  if (columns > widest) {
    const parts = split(columns, widest).map(({ first, count }) =>
      product(
        { rows, columns: count, depth },
        a,
        (block, into) => b({ ...block, first: block.first + first }, into),
        (row, n, column, width) => finish(row, n, first + column, width),
        deepest,
      ),
    );
    return () => {
      for (let i = 0; i < parts.length; i++) parts[i]!();
    };
  }
  const { a0, a1, a2, b0, b1, b2, c } = panels();
  const run = tile();
  const never = unknownZero();
  const depths = split(depth, Math.min(deepest, aThird, bThird));
  const deep = depths[0]!.count;
  const rowBlocks = split(
    rows,
    Math.max(
      3,
      Math.min(3 * Math.floor(aThird / deep), Math.floor(cSize / columns), Math.max(96, Math.floor(aBlock / deep))),
    ),
  );
  const columnBlocks = split(columns, 3 * Math.floor(bThird / deep));
  const blockOf = (range: Range, part: Range): Block => ({
    first: range.first,
    count: range.count,
    from: part.first,
    depth: part.count,
    cut: thirds(range.count),
  });
  const aFills = rowBlocks.map((range) => depths.map((part) => a(blockOf(range, part), [a0, a1, a2])));
  const aCuts = rowBlocks.map(({ count }) => thirds(count));
  const bFills = depths.map((part) => columnBlocks.map((range) => b(blockOf(range, part), [b0, b1, b2])));
  const bCuts = columnBlocks.map(({ count }) => thirds(count));
  // Sums over several blocks of depth. They are not added up in c, where overlapping thirds compute some elements twice.
  const sums = depths.length > 1 ? new Float64Array(rowBlocks[0]!.count * columns) : undefined;
  const resident = depths.length === 1 && columnBlocks.length === 1;

  return () => {
    if (resident) bFills[0]![0]!();
    for (let i = 0; i < rowBlocks.length; i++) {
      const aCut = aCuts[i]!;
      for (let d = 0; d < depths.length; d++) {
        aFills[i]![d]!();
        const part = depths[d]!.count;
        for (let j = 0; j < columnBlocks.length; j++) {
          if (!resident) bFills[d]![j]!();
          const { first } = columnBlocks[j]!;
          const bCut = bCuts[j]!;
          for (let g = 0; g < bCut.size; g++) {
            run(
              aCut.size,
              part,
              0,
              g * part,
              first + g,
              columns,
              aCut.second * columns,
              aCut.third * columns,
              bCut.second,
              bCut.third,
              never,
            );
          }
        }
        if (sums !== undefined) addUp(sums, c, d === 0);
      }
      if (sums !== undefined) c.set(sums);
      finish(rowBlocks[i]!.first, rowBlocks[i]!.count, 0, columns);
    }
  };
}

function addUp(sums: Float64Array, c: Float64Array, first: boolean): void {
  for (let k = 0; k < sums.length; k++) sums[k] = first ? c[k]! : sums[k]! + c[k]!;
}

interface Range {
  readonly first: number;
  readonly count: number;
}

/** `total` in equal parts of at most `most`. */
function split(total: number, most: number): Range[] {
  const parts = Math.max(1, Math.ceil(total / Math.max(1, most)));
  const count = Math.ceil(total / parts);
  const ranges: Range[] = [];
  for (let first = 0; first < total; first += count) ranges.push({ first, count: Math.min(count, total - first) });
  return ranges;
}
