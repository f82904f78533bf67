/** What explanations are: plain JSON data, rows before columns, in the order (N, C, H, W). */
import type { Geometry } from "../geometry.ts";

/** A cell of a layer's output: image `n`, filter (or channel, or feature) `f`, row `y`, column `x`. What is left out is 0. */
export interface Cell {
  readonly n?: number | undefined;
  readonly f: number;
  readonly y?: number | undefined;
  readonly x?: number | undefined;
}

/** `Cell` with nothing left out. */
export interface CellAt {
  readonly n: number;
  readonly f: number;
  readonly y: number;
  readonly x: number;
}

/** A cell of a layer's input: image `n`, channel `c`, row `y`, column `x`. What is left out is 0. */
export interface InputCell {
  readonly n?: number | undefined;
  readonly c?: number | undefined;
  readonly y?: number | undefined;
  readonly x?: number | undefined;
}

/** `InputCell` with nothing left out. */
export interface InputCellAt {
  readonly n: number;
  readonly c: number;
  readonly y: number;
  readonly x: number;
}

/**
 * What is explained. One-dimensional layers are those of height 1. A dense layer of I features is a window as large as its
 * map: one channel of one row of I columns.
 */
export type WindowOp = "conv2d" | "convTranspose2d" | "maxPool2d" | "avgPool2d" | "linear";

/** (N, C, H, W). */
export type MapShape = readonly [number, number, number, number];

/** Along one axis: an element of the kernel, and what lies under it. */
export interface Tap {
  /** Row (or column) of the kernel. */
  readonly kernel: number;
  /** Row of the map under it. Below 0, and from H on, it is padding. */
  readonly input: number;
  /** The row whose values are read there: `input` itself; in padding −1 (zeros), or a row of the map where `paddingMode` says so. */
  readonly reads: number;
}

/**
 * Where the kernel stands: `rows[r]` and `columns[c]` belong to row r and column c of every grid of the explanation. A convolution and
 * a pooling have a tap for each element of the kernel. In a transposed convolution an output cell meets only every S-th
 * element of the kernel, and only those have a tap.
 */
export interface Window {
  readonly rows: readonly Tap[];
  readonly columns: readonly Tap[];
  /** `padding[r][c]`: does the cell lie outside the map? */
  readonly padding: readonly (readonly boolean[])[];
}

/** One input channel under the window: grids of window.rows × window.columns. */
export interface Channel {
  /** Number of the channel in the layer's input. */
  readonly channel: number;
  /** What is read; 0 in padding. */
  readonly values: readonly (readonly number[])[];
  /** What it is multiplied with: the filter; in pooling 1 at the maximum and 0 elsewhere, or one part of the mean. */
  readonly weights: readonly (readonly number[])[];
  readonly products: readonly (readonly number[])[];
  /** Of this channel's products. */
  readonly sum: number;
  /** Of the products up to and including this channel: the partial sum. */
  readonly total: number;
}

/** What happened to the number after sum and bias. */
export interface Step {
  /** `relu`, `batchNorm`, `add`, …. */
  readonly op: string;
  /** The number after it. */
  readonly value: number;
}

/** A rectangle of rows and columns. Both ends are included. */
export interface Field {
  readonly rows: readonly [first: number, last: number];
  readonly columns: readonly [first: number, last: number];
}

/** How one output cell came to be: value = steps(sum + bias). */
export interface Explanation {
  readonly op: WindowOp;
  readonly cell: CellAt;
  /** The map that the window reads; in a network that of the last layer, not the network's own. */
  readonly input: MapShape;
  /** What the windows make of it. */
  readonly output: MapShape;
  /**
   * Kernel, stride, padding [top, left, bottom, right] and dilation. Of a transposed convolution it is the geometry of the
   * convolution that leads back: `input` is the size of the result there, `output` that of the map.
   */
  readonly geometry: Geometry;
  readonly window: Window;
  /** The channels that the cell sees: all, those of its group, in pooling its own. */
  readonly channels: readonly Channel[];
  /** Of all products. */
  readonly sum: number;
  /** Left out where the layer has none. */
  readonly bias?: number;
  /** An activation, a normalisation, a shortcut that is added: in order. */
  readonly steps: readonly Step[];
  /** The number that stands in the output, rounded to the layer's dtype as backends store it; sums before are float64. */
  readonly value: number;
  /** The receptive field, what the cell depends on in the network's input; undefined where that is no map (a dense layer of bare features). */
  readonly field?: Field;
}

/** An output cell that an input cell feeds, and with how much. */
export interface Fed {
  readonly f: number;
  readonly y: number;
  readonly x: number;
  /** Row and column of the kernel that lie between the two. */
  readonly kernel: readonly [row: number, column: number];
  /** d(output before bias and steps)/d(input) along this way: the gradient's factor. */
  readonly weight: number;
  /** weight · value of the input cell: its part in the sum. */
  readonly product: number;
}

/** All that one input cell goes to. */
export interface Feeds {
  readonly op: WindowOp;
  readonly cell: InputCellAt;
  readonly input: MapShape;
  readonly output: MapShape;
  readonly geometry: Geometry;
  /** What the input cell holds. */
  readonly value: number;
  /** By filter, then row, then column. A cell that is reached on two ways (a border that repeats the map) stands here twice. */
  readonly cells: readonly Fed[];
  /** The rectangle of output rows and columns that holds them; undefined where none is fed: no window looks there. */
  readonly span?: Field;
}

/**
 * A convolution as a product of matrices. Row r of `matrix` is the window at output position `rows[r]`, laid out flat;
 * column k belongs to channel and kernel element `columns[k]`, in the order in which a filter (C, FH, FW) lies. Then output
 * (position r, filter f) = Σ_k matrix[r][k] · weights[k][f] + bias[f].
 */
export interface Im2col {
  readonly input: MapShape;
  readonly output: MapShape;
  readonly geometry: Geometry;
  /** The filters that this matrix serves: of its group. */
  readonly filters: readonly number[];
  /** N·OH·OW output positions. */
  readonly rows: readonly { readonly n: number; readonly y: number; readonly x: number }[];
  /** C/groups · FH · FW elements of a filter; `c` is a channel of the layer's input. */
  readonly columns: readonly { readonly c: number; readonly i: number; readonly j: number }[];
  readonly matrix: readonly (readonly number[])[];
  /** Where each element of `matrix` comes from: the address ((n·C + c)·H + y)·W + x in the input, −1 for padding. */
  readonly from: readonly (readonly number[])[];
  /** And where each element of the input goes: its [row, column] places in `matrix`, by address. */
  readonly to: readonly (readonly (readonly [row: number, column: number])[])[];
  /** The filters as columns, in the order of `filters`. */
  readonly weights: readonly (readonly number[])[];
  /** One number per filter; left out where the layer has none. */
  readonly bias?: readonly number[];
  /** matrix · weights + bias: [position][filter]. */
  readonly product: readonly (readonly number[])[];
}
