/** The reverse of a receptive field: how far one pixel of the network's input gets. */
import type { Field, InputCell } from "./data.ts";
import { reachOf } from "./field.ts";
import type { Explained, ExplainOptions, Given } from "./given.ts";
import { traced } from "./traced.ts";

/**
 * The rows and columns of a network's last window's output that depend on one cell of its input; undefined where none does.
 * `feeds` tells each cell with its weight, but for one layer.
 *
 *     reach([conv1, pool, conv2], pixels, { y: 0, x: 0 })                  // the cells of conv2 that the first pixel has a part in
 *
 * `layer`, `input` and errors are those of `explain`; of a dense end, the rows and columns are 0.
 */
export function reach(
  layer: Explained,
  input: Given,
  cell: InputCell,
  options: ExplainOptions = {},
): Field | undefined {
  return reachOf(traced(layer, input, options, "reach"), cell);
}
