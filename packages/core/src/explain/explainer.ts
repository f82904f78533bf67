/** A layer and its input, read once, for those who ask of many cells: a page where a pointer moves. */
import type { Cell, Explanation, Feeds, Field, Im2col, InputCell, MapShape, WindowOp } from "./data.ts";
import { explainCell } from "./explain.ts";
import { reachOf } from "./field.ts";
import { feedsOf } from "./feeds.ts";
import type { Explained, ExplainOptions, Given } from "./given.ts";
import { im2colOf } from "./im2col.ts";
import { traced } from "./traced.ts";

/** The four questions, of one layer and one input. What they work out of the maps before and after is kept. */
export interface Explainer {
  readonly op: WindowOp;
  /** (N, C, H, W) of the map that is read. */
  readonly input: MapShape;
  /** (N, FN, OH, OW). */
  readonly output: MapShape;
  /** As `explain(layer, input, cell)`. */
  explain(cell: Cell): Explanation;
  /** As `feeds(layer, input, cell)`. */
  feeds(cell: InputCell): Feeds;
  /** As `reach(layer, input, cell)`. */
  reach(cell: InputCell): Field | undefined;
  /** As `im2col(layer, input, { group })`. */
  im2col(group?: number): Im2col;
}

/**
 * Reads a layer and its input once; arguments and errors are those of `explain`. Weights are those of now: after they change,
 * make another.
 */
export function explainer(layer: Explained, input: Given, options: ExplainOptions = {}): Explainer {
  const read = traced(layer, input, options, "explainer");
  return {
    op: read.op,
    input: read.input,
    output: read.output,
    explain: (cell) => explainCell(read, cell),
    feeds: (cell) => feedsOf(read, cell),
    reach: (cell) => reachOf(read, cell),
    im2col: (group) => im2colOf(read, group),
  };
}
