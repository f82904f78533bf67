// A picture, a window on it, and what comes of it: sections 1 to 4.
import { constant } from "@tatamijs/core";
import { explainer, type Explanation } from "@tatamijs/core/explain";
import { at, cellFrame, conv, frameOf, result, sign } from "./cells.ts";
import { stroke } from "./example.ts";
import { grid, named } from "./grid.ts";
import { column, row, text, type Drawn } from "./svg.ts";

/** A picture, and the same picture as a dense layer is given it: neighbours above and below are torn apart. */
export function flat(): Drawn {
  const size = stroke[0]!.length;
  const marked = [1, 5, 9];
  const kind = (at: number): string => (marked.includes(at) ? "hit" : "map");
  const picture = grid(stroke[0]!, { kind: (r, c) => kind(r * size + c) });
  const line = grid([stroke[0]!.flat()], { kind: (_, c) => kind(c) });
  return column([named(picture, "(1, 4, 4)"), sign("↓"), named(line, "(16)")], 12);
}

/** One cell of the output: the window, the filter, the nine products and their sum. */
export function windowFigure(): Drawn {
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
export function places(): Drawn {
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
export function bias(): Drawn {
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
export function padding(): Drawn {
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
export function shrinking(): Drawn {
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
