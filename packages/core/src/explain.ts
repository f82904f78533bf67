/**
 * @packageDocumentation How one number of a convolution, a transposed convolution, a pooling or a dense layer came to be, as plain data
 * for drawings and lessons. Worked out slowly and by definition, on the host: for looking at a cell, not for running networks.
 */
export { explain } from "./explain/explain.ts";
export { explainer, type Explainer } from "./explain/explainer.ts";
export { feeds } from "./explain/feeds.ts";
export { im2col, type Im2colOptions } from "./explain/im2col.ts";
export { reach } from "./explain/reach.ts";
export type { Explained, ExplainOptions, Given, Weights } from "./explain/given.ts";
export type {
  Cell,
  CellAt,
  Channel,
  Explanation,
  Fed,
  Feeds,
  Field,
  Im2col,
  InputCell,
  InputCellAt,
  MapShape,
  Step,
  Tap,
  Window,
  WindowOp,
} from "./explain/data.ts";
