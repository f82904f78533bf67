/** A convolution laid out as a product of matrices, with the map of its indices both ways. */
import { TatamiError } from "../errors.ts";
import { checkOptions, checkWhole } from "../operand.ts";
import { sizeOf } from "../shape.ts";
import type { Im2col } from "./data.ts";
import type { Explained, ExplainOptions, Given } from "./given.ts";
import { traced, windowAt, type Traced } from "./traced.ts";
import { valuesOf } from "./values.ts";

export interface Im2colOptions extends ExplainOptions {
  /** Which group of a grouped convolution: each is a product of its own. Default 0. */
  readonly group?: number | undefined;
}

/**
 * A convolution (or a dense layer) as matrix · weights + bias: every window laid out as a row, every filter as a column. Meant for
 * looking at: the matrix repeats each pixel up to FH·FW times.
 *
 *     const { matrix, weights, product, from, to } = im2col(nn.conv2d(1, 2, 3), pixels);
 *
 * `layer` and `input` are those of `explain`. Steps after the bias (an activation) are left out.
 * @throws TatamiError as `explain`; `argument` for a group that there is not, for a pooling and for a transposed convolution.
 */
export function im2col(layer: Explained, input: Given, options: Im2colOptions = {}): Im2col {
  const { group = 0 } = checkOptions(options, "im2col");
  return im2colOf(traced(layer, input, options, "im2col"), group);
}

/** `im2col` of what was read already. */
export function im2colOf(t: Traced, group: number = 0): Im2col {
  if (t.op !== "conv2d" && t.op !== "linear") {
    throw new TatamiError("argument", `the layer is ${t.op}; give a convolution or a dense layer`, {
      op: "im2col",
      details: { given: t.op },
    });
  }
  const perGroup = t.filtersOf(0).length;
  checkWhole(group, 0, "im2col", "group", t.output[1] / perGroup - 1);
  const filters = Array.from({ length: perGroup }, (_, i) => group * perGroup + i);
  const [count, , height, width] = t.output;
  const [kh, kw] = t.geometry.kernel;
  const rows = Array.from({ length: count * height * width }, (_, r) => ({
    n: Math.floor(r / (height * width)),
    y: Math.floor(r / width) % height,
    x: r % width,
  }));
  const columns = t
    .channelsOf(filters[0]!)
    .flatMap((c) => Array.from({ length: kh * kw }, (_, k) => ({ c, i: Math.floor(k / kw), j: k % kw })));
  const from = rows.map(({ n, y, x }) => {
    const window = windowAt(t, y, x);
    return columns.map(({ c, i, j }) => {
      const [row, column] = [window.rows[i]!.reads, window.columns[j]!.reads];
      return row < 0 || column < 0 ? -1 : ((n * t.input[1] + c) * t.input[2] + row) * t.input[3] + column;
    });
  });
  const to: [number, number][][] = Array.from({ length: sizeOf(t.input) }, () => []);
  for (const [r, row] of from.entries()) for (const [k, at] of row.entries()) if (at >= 0) to[at]!.push([r, k]);
  const matrix = from.map((row) => row.map((at) => (at < 0 ? 0 : valueAt(t, at))));
  const weights = columns.map(({ c, i, j }) => filters.map((f) => t.weight(f, c, i, j)));
  const bias = biasOf(t, filters);
  const product = matrix.map((row) =>
    filters.map((_, f) => row.reduce((sum, value, k) => sum + value * weights[k]![f]!, 0) + (bias?.[f] ?? 0)),
  );
  const { input, output, geometry } = t;
  return {
    input,
    output,
    geometry,
    filters,
    rows,
    columns,
    matrix,
    from,
    to,
    weights,
    ...(bias === undefined ? {} : { bias }),
    product,
  };
}

function valueAt(t: Traced, address: number): number {
  const [, channels, height, width] = t.input;
  const pixel = Math.floor(address / width);
  return t.value(
    Math.floor(pixel / (channels * height)),
    Math.floor(pixel / height) % channels,
    pixel % height,
    address % width,
  );
}

function biasOf(t: Traced, filters: readonly number[]): number[] | undefined {
  if (t.bias === undefined) return undefined;
  const values = valuesOf(t.bias.of, t.known, "im2col");
  return filters.map((f) => values[t.bias!.at(0, f, 0, 0)]!);
}
