/** How one output cell came to be. */
import { typedArray } from "../dtype.ts";
import type { Cell, Channel, Explanation, Window } from "./data.ts";
import { fieldOf } from "./field.ts";
import type { Explained, ExplainOptions, Given } from "./given.ts";
import { chosen, parts, partsAt } from "./pooling.ts";
import { checkCell, grid, traced, valuesUnder, windowAt, type Traced } from "./traced.ts";
import { valuesOf } from "./values.ts";

/**
 * How one cell of a layer's output came to be, as plain data: the window's rows and columns, what is padding, the products by
 * channel, their partial sums, the bias, the steps after it.
 *
 *     explain(nn.conv2d(1, 8, 3, { padding: 1 }), pixels, { f: 0, y: 2, x: 3 }).channels[0].products
 *     explain((x) => relu(conv2d(x, w, { bias: b })), [[[1, 2], [3, 4]]], { f: 0, y: 0, x: 0 })
 *     explain([conv1, pool, conv2], pixels, { f: 0, y: 0, x: 0 })          // conv2's cell, and its field in `pixels`
 *
 * `layer` is a layer, a function of a tensor, or several in a row; what is explained is the last convolution, transposed
 * convolution, pooling or dense layer among them, and the steps after it. `cell` is a cell of *its* output, (N, FN, OH, OW): of
 * a dense layer, `n` is a row and `f` an output feature. `input` is (C, H, W) or (N, C, H, W), or what the layer takes.
 * @throws TatamiError `argument` for a cell outside the output and for layers in which no such op is last, `input`,
 * `data-length`, `declined`; what the layers throw where the input does not fit them.
 */
export function explain(layer: Explained, input: Given, cell: Cell, options: ExplainOptions = {}): Explanation {
  return explainCell(traced(layer, input, options, "explain"), cell);
}

/** `explain` of what was read already. */
export function explainCell(t: Traced, cell: Cell): Explanation {
  const [n, f, y, x] = checkCell([cell.n, cell.f, cell.y, cell.x], t.output, ["n", "f", "y", "x"], "explain");
  const window = windowAt(t, y, x);
  const channels =
    t.op === "maxPool2d" || t.op === "avgPool2d" ? [pooled(t, window, n, f, y, x)] : weighted(t, window, n, f);
  const sum = channels.at(-1)!.total;
  const at = (place: Traced["bias"] & {}): number => valuesOf(place.of, t.known, "explain")[place.at(n, f, y, x)]!;
  const bias = t.bias === undefined ? undefined : at(t.bias);
  const steps = t.steps.map((step) => ({ op: step.op, value: at(step) }));
  const field = fieldOf(t, window, n, f);
  const rounded = typedArray(t.map.dtype, 1);
  rounded[0] = sum + (bias ?? 0);
  return {
    op: t.op,
    cell: { n, f, y, x },
    input: t.input,
    output: t.output,
    geometry: t.geometry,
    window,
    channels,
    sum,
    ...(bias === undefined ? {} : { bias }),
    steps,
    value: steps.at(-1)?.value ?? rounded[0],
    ...(field === undefined ? {} : { field }),
  };
}

/** The channels that filter `f` sees, each multiplied with its part of the filter. */
function weighted(t: Traced, window: Window, n: number, f: number): Channel[] {
  let total = 0;
  return t.channelsOf(f).map((channel) => {
    const values = valuesUnder(t, window, n, channel);
    const weights = grid(window, (row, column) => t.weight(f, channel, row.kernel, column.kernel));
    // Padding is no factor 0: what stands there is not read, and a weight of NaN or ∞ does not spread from it. + 0: no −0 is shown.
    const products = grid(window, (row, column, r, c) =>
      row.reads < 0 || column.reads < 0 ? 0 : values[r]![c]! * weights[r]![c]! + 0,
    );
    const sum = products.flat().reduce((a, b) => a + b, 0);
    total += sum;
    return { channel, values, weights, products, sum, total };
  });
}

function pooled(t: Traced, window: Window, n: number, f: number, y: number, x: number): Channel {
  const values = valuesUnder(t, window, n, f);
  if (t.op === "avgPool2d") {
    const weights = parts(t, window, y, x);
    const count = partsAt(t, y, x);
    const products = grid(window, (_, __, r, c) => (weights[r]![c] === 0 ? 0 : values[r]![c]! / count));
    const sum = values.flat().reduce((a, b) => a + b, 0) / count;
    return { channel: f, values, weights, products, sum, total: sum };
  }
  const [row, column] = chosen(window, values);
  const only = (value: number): number[][] => grid(window, (_, __, r, c) => (r === row && c === column ? value : 0));
  const sum = values[row]![column]!;
  return { channel: f, values, weights: only(1), products: only(sum), sum, total: sum };
}
