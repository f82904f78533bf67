// Channels, filters, batches and pooling: sections 7 to 10.
import { avgPool2d, conv2d, maxPool2d, type Tensor } from "@tatamijs/core";
import { explain, explainer, type Explanation } from "@tatamijs/core/explain";
import { cellFrame, frameOf, sign } from "./cells.ts";
import { colours, deep, stroke } from "./example.ts";
import { box, grid, named } from "./grid.ts";
import { column, row, text, type Drawn } from "./svg.ts";

/** A map of three channels: each is met by its own part of the filter, and all products go into one number. */
export function channels(): Drawn {
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
export function filters(): Drawn {
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
export function batch(): Drawn {
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
export function pooling(): Drawn {
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
