// The notebook's drawings, by name. Every number in them is told by `explain`.
import { avgPool2d, constant, conv1d, conv2d, maxPool2d, type ConvOptions, type Tensor } from "@tatamijs/core";
import { explain, explainer, feeds, im2col, type Explanation } from "@tatamijs/core/explain";
import { colours, deep, edge, stroke } from "./example.ts";
import { box, grid, named, type Frame } from "./grid.ts";
import { column, rect, row, sheet, text, textAt, type Drawn } from "./svg.ts";

const sign = (words: string): Drawn => text(words, "sign");

const conv =
  (options: ConvOptions = {}, w: Tensor = edge) =>
  (t: Tensor): Tensor =>
    conv2d(t, w, options);
const at = (y: number, x: number, options: ConvOptions = {}): Explanation =>
  explain(conv(options), stroke, { f: 0, y, x });

/** Rows of the output of one filter. */
function result(options: ConvOptions = {}): number[][] {
  const told = explainer(conv(options), stroke);
  const [, , height, width] = told.output;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => told.explain({ f: 0, y, x }).value),
  );
}

/** Where the window of an explanation stands, in cells of the map. */
function frameOf({ window: { rows, columns } }: Explanation, pad: number = 0, kind: string = "window"): Frame {
  return {
    row: rows[0]!.input + pad,
    column: columns[0]!.input + pad,
    rows: rows.at(-1)!.input - rows[0]!.input + 1,
    columns: columns.at(-1)!.input - columns[0]!.input + 1,
    kind,
  };
}

const cellFrame = (y: number, x: number, kind: string = "window"): Frame => ({
  row: y,
  column: x,
  rows: 1,
  columns: 1,
  kind,
});

/** A picture, and the same picture as a dense layer is given it: neighbours above and below are torn apart. */
function flat(): Drawn {
  const size = stroke[0]!.length;
  const marked = [1, 5, 9];
  const kind = (at: number): string => (marked.includes(at) ? "hit" : "map");
  const picture = grid(stroke[0]!, { kind: (r, c) => kind(r * size + c) });
  const line = grid([stroke[0]!.flat()], { kind: (_, c) => kind(c) });
  return column([named(picture, "(1, 4, 4)"), sign("↓"), named(line, "(16)")], 12);
}

/** One cell of the output: the window, the filter, the nine products and their sum. */
function windowFigure(): Drawn {
  const told = at(0, 1);
  const [channel] = told.channels as [Explanation["channels"][number]];
  const weights = channel.weights.flat();
  const first = row(
    [
      named(grid(stroke[0]!, { frames: [frameOf(told)] }), "x"),
      sign("∗"),
      named(grid(channel.weights, { kind: "filter" }), "w"),
      sign("="),
      named(grid(result(), { kind: "out", frames: [cellFrame(0, 1)] }), "y"),
    ],
    18,
  );
  const terms = channel.values
    .flat()
    .map((value, i) => `${value}·${weights[i]! < 0 ? `(−${-weights[i]!})` : weights[i]!}`);
  const lines = [0, 3, 6].map((from) => `${from === 0 ? "" : "+ "}${terms.slice(from, from + 3).join(" + ")}`);
  return column([first, text(`${lines.join(" ")} = ${told.sum}`.replaceAll("-", "−"), "math")], 22);
}

/** The window at all its places, in the order of the output's cells. */
function places(): Drawn {
  const one = (y: number, x: number): Drawn => {
    const told = at(y, x);
    const values = result().map((line, r) => line.map((value, c) => (r * 2 + c <= y * 2 + x ? value : "")));
    return row(
      [
        grid(stroke[0]!, { frames: [frameOf(told)], cell: 28 }),
        sign("→"),
        grid(values, { kind: "out", frames: [cellFrame(y, x)], cell: 28 }),
      ],
      10,
    );
  };
  return column([row([one(0, 0), one(0, 1)], 48), row([one(1, 0), one(1, 1)], 48)], 28);
}

/** One number is added to all cells of a filter's output; then relu. */
function bias(): Drawn {
  const with1 = result({ bias: constant([1]) });
  return row(
    [
      named(grid(result(), { kind: "out" }), "x ∗ w"),
      sign("+"),
      named(grid([[1]], { kind: "filter" }), "b"),
      sign("="),
      named(grid(with1, { kind: "out" }), "y"),
      sign("→"),
      named(
        grid(
          with1.map((line) => line.map((v) => Math.max(v, 0))),
          { kind: "out" },
        ),
        "relu(y)",
      ),
    ],
    14,
  );
}

/** Padding of one: the first window hangs over the corner, and the output is as large as the map. */
function padding(): Drawn {
  const told = at(0, 0, { padding: 1 });
  const around = Array.from({ length: 6 }, (_, r) =>
    Array.from({ length: 6 }, (__, c) => stroke[0]![r - 1]?.[c - 1] ?? 0),
  );
  const kind = (r: number, c: number): string => (r % 5 === 0 || c % 5 === 0 ? "pad" : "map");
  return row(
    [
      named(
        grid(around, { kind, frames: [frameOf(told, 1)], ink: (r, c) => (kind(r, c) === "pad" ? "soft" : "") }),
        "P = 1",
      ),
      sign("∗"),
      named(grid(told.channels[0]!.weights, { kind: "filter" }), "w"),
      sign("="),
      named(grid(result({ padding: 1 }), { kind: "out", frames: [cellFrame(0, 0)] }), "y"),
    ],
    16,
  );
}

/** Three convolutions one after the other, without padding and with it. */
function shrinking(): Drawn {
  const sizes = (pad: number): number[] => {
    const all = [7];
    for (let i = 0; i < 3; i++) {
      const { output } = explainer(conv({ padding: pad }), {
        shape: [1, all.at(-1)!, all.at(-1)!],
        data: new Array(all.at(-1)! ** 2).fill(0),
      });
      all.push(output[2]);
    }
    return all;
  };
  const line = (pad: number): Drawn =>
    row(
      [
        text(`P = ${pad}`, "math"),
        ...sizes(pad).flatMap((size, i) => {
          const empty = Array.from({ length: size }, () => Array.from({ length: size }, () => ""));
          const map = named(grid(empty, { cell: 13, kind: i === 0 ? "map" : "out" }), `${size}×${size}`);
          return i === 0 ? [map] : [sign("→"), map];
        }),
      ],
      16,
    );
  return column([line(0), line(1)], 20, "left");
}

/** The formula along a line of seven: mats of three, laid one, two and three apart. */
function mats(): Drawn {
  const row7: Tensor = constant([[[1, 1, 1]]]);
  const line = (step: number): Drawn => {
    const { geometry } = explain(
      (t) => conv1d(t, row7, { stride: step, rounding: "floor" }),
      { shape: [1, 7], data: [1, 2, 3, 4, 5, 6, 7] },
      { f: 0 },
    );
    const [size, kernel, count] = [geometry.input[1], geometry.kernel[1], geometry.output[1]];
    const value = (size - kernel) / step + 1;
    const shownValue = Number.isInteger(value) ? String(value) : `${Math.floor(value * 100) / 100}…`;
    const formula = text(
      `(${size} − ${kernel})/${step} + 1 = ${shownValue}`,
      "math",
      Number.isInteger(value) ? "" : "bad",
    );
    return row([text(`S = ${step}`, "math"), floor(size, kernel, count, step), formula], 26);
  };
  return column([line(1), line(2), line(3)], 26, "left");
}

/** Cells of a floor, the mats below it, each in a lane of its own, and dashed what no mat covers. */
function floor(size: number, kernel: number, count: number, step: number): Drawn {
  const [cell, tall, lane] = [42, 32, 13];
  const covered = (count - 1) * step + kernel;
  return {
    width: size * cell,
    height: tall + 6 + count * lane,
    at(x, y) {
      const cells = Array.from({ length: size }, (_, c) => {
        const kind = c < covered ? "map" : "gone";
        return (
          rect(x + c * cell, y, cell, tall, kind) + textAt(String(c + 1), x + (c + 0.5) * cell, y + tall / 2, "value")
        );
      });
      const laid = Array.from({ length: count }, (_, o) =>
        rect(x + o * step * cell + 2, y + tall + 6 + o * lane, kernel * cell - 4, lane - 4, "mat", 2),
      );
      return [...cells, ...laid].join("");
    },
  };
}

/** Stride two over seven rows and columns: the windows of one row, and what comes of them. */
function stride(): Drawn {
  const size = 7;
  const map = Array.from({ length: size }, () => Array.from({ length: size }, () => ""));
  const layer = (t: Tensor): Tensor => conv2d(t, edge, { stride: 2 });
  const told = explainer(layer, { shape: [1, size, size], data: new Array(size * size).fill(0) });
  const [, , height, width] = told.output;
  const frames = [frameOf(told.explain({ f: 0, y: 0, x: 1 }), 0, "ghost"), frameOf(told.explain({ f: 0, y: 0, x: 0 }))];
  const starts = (r: number, c: number): string => (r % 2 === 0 && c % 2 === 0 && r < 5 && c < 5 ? "hit" : "map");
  const out = Array.from({ length: height }, () => Array.from({ length: width }, () => ""));
  return row(
    [
      named(
        grid(map, {
          frames,
          kind: starts,
        }),
        "7×7, S = 2",
      ),
      sign("→"),
      named(grid(out, { kind: "out", frames: [cellFrame(0, 1, "ghost"), cellFrame(0, 0)] }), `${height}×${width}`),
    ],
    20,
  );
}

/** A map of three channels: each is met by its own part of the filter, and all products go into one number. */
function channels(): Drawn {
  const told = explain((t) => conv2d(t, deep), colours, { f: 0, y: 0, x: 0 });
  const lines = told.channels.map((one, c) =>
    row(
      [
        grid(colours[c]!, { frames: [frameOf(told)], cell: 28 }),
        sign("∗"),
        grid(one.weights, { kind: "filter", cell: 28 }),
        sign("→"),
        grid([[one.sum]], { kind: "out", cell: 34 }),
      ],
      14,
    ),
  );
  const left = column([...lines], 14);
  const total = column(
    [
      text(told.channels.map(({ sum }) => (sum < 0 ? `(−${-sum})` : sum)).join(" + "), "math"),
      grid([[told.sum]], { kind: "out", frames: [cellFrame(0, 0)], cell: 40 }),
    ],
    12,
  );
  return row([left, sign("→"), total], 18);
}

/** FN filters make FN maps. */
function filters(): Drawn {
  const input = box([40, 96, 96], "map", ["C", "H", "W"]);
  const filter = (name: boolean): Drawn =>
    box([40, 44, 44], "filter", [name ? "C" : "", name ? "FH" : "", name ? "FW" : ""]);
  const dots = text("⋮", "math");
  const bank = column([filter(true), filter(false), dots, filter(false)], 6);
  const line = (): Drawn => box([8, 30, 30], "filter", ["", "", ""]);
  const biases = column([line(), line(), dots, line()], 6);
  const out = box([64, 78, 78], "out", ["FN", "OH", "OW"]);
  return row(
    [
      named(input, "(C, H, W)"),
      sign("∗"),
      named(bank, "(FN, C, FH, FW)"),
      sign("+"),
      named(biases, "(FN, 1, 1)"),
      sign("="),
      named(out, "(FN, OH, OW)"),
    ],
    14,
  );
}

/** N maps at once, through the same filters. */
function batch(): Drawn {
  const many = (kind: string, depth: number, size: number): Drawn => {
    const one = box([depth, size, size], kind, ["", "", ""]);
    return row([one, one, text("…", "math"), one], 8);
  };
  return row(
    [
      named(many("map", 26, 54), "(N, C, H, W)"),
      sign("∗"),
      named(box([26, 28, 28], "filter", ["", "", ""]), "(FN, C, FH, FW)"),
      sign("="),
      named(many("out", 38, 44), "(N, FN, OH, OW)"),
    ],
    12,
  );
}

/** The largest of each window, and its mean. */
function pooling(): Drawn {
  const told = (layer: (t: Tensor) => Tensor): Explanation[] => {
    const one = explainer(layer, stroke);
    return [0, 1, 2, 3].map((i) => one.explain({ f: 0, y: i >> 1, x: i & 1 }));
  };
  const max = told((t) => maxPool2d(t, 2));
  const mean = told((t) => avgPool2d(t, 2));
  const two = (all: readonly Explanation[]): number[][] => [
    [all[0]!.value, all[1]!.value],
    [all[2]!.value, all[3]!.value],
  ];
  const chosen = (r: number, c: number): boolean =>
    max.some(({ window, channels: [one] }) =>
      window.rows.some(
        (y, i) => y.reads === r && window.columns.some((x, j) => x.reads === c && one!.weights[i]![j] === 1),
      ),
    );
  const frames = max.map((one) => frameOf(one));
  return row(
    [
      named(grid(two(mean), { kind: "out", cell: 44 }), "avg"),
      sign("←"),
      named(grid(stroke[0]!, { kind: (r, c) => (chosen(r, c) ? "hit" : "map"), frames }), "2×2, S = 2"),
      sign("→"),
      named(grid(two(max), { kind: "out", cell: 44 }), "max"),
    ],
    18,
  );
}

/** The windows as rows of a matrix, the filter as a column; one pixel at all its places. */
function matrix(): Drawn {
  const laid = im2col(conv(), stroke);
  const pixel = 5; // row 1, column 1
  const hit = (r: number, k: number): string => (laid.from[r]![k] === pixel ? "hit" : "map");
  return row(
    [
      named(grid(stroke[0]!, { cell: 26, kind: (r, c) => (r * 4 + c === pixel ? "hit" : "map") }), "x"),
      sign("→"),
      named(grid(laid.matrix, { cell: 26, kind: hit }), `(${laid.rows.length}, ${laid.columns.length})`),
      sign("×"),
      named(grid(laid.weights, { cell: 26, kind: "filter" }), `(${laid.columns.length}, 1)`),
      sign("="),
      named(grid(laid.product, { cell: 26, kind: "out" }), `(${laid.product.length}, 1)`),
    ],
    14,
  );
}

/** Where one pixel goes, and so whence its gradient comes: under each window that covers it lies another weight. */
function gradient(): Drawn {
  const { cells } = feeds(conv(), stroke, { y: 1, x: 1 });
  const small = (digits: string): string => digits.replaceAll(/\d/g, (d) => "₀₁₂₃₄"[Number(d)]!);
  const panels = cells.map(({ y, x, kernel }) => {
    const map = grid(stroke[0]!, {
      cell: 28,
      kind: (r, c) => (r === 1 && c === 1 ? "hit" : "map"),
      frames: [frameOf(at(y, x))],
    });
    return column([map, text(`g${small(`${y}${x}`)} · w${small(kernel.join(""))}`, "math")], 10);
  });
  return row(
    panels.flatMap((panel, i) => (i === 0 ? [panel] : [sign("+"), panel])),
    14,
  );
}

const all: Readonly<Record<string, () => Drawn>> = {
  flat,
  window: windowFigure,
  places,
  bias,
  padding,
  shrinking,
  stride,
  mats,
  channels,
  filters,
  batch,
  pooling,
  matrix,
  gradient,
};

/** The text of every drawing, by the name of its file. */
export function figures(): Record<string, string> {
  return Object.fromEntries(Object.entries(all).map(([name, draw]) => [`${name}.svg`, sheet(draw())]));
}
