// How far a window steps, and how many places that makes: sections 5 and 6.
import { constant, conv1d, conv2d, type Tensor } from "@tatamijs/core";
import { explain, explainer } from "@tatamijs/core/explain";
import { cellFrame, frameOf, sign } from "./cells.ts";
import { edge } from "./example.ts";
import { grid, named } from "./grid.ts";
import { column, rect, row, text, textAt, type Drawn } from "./svg.ts";

/** Stride two over seven rows and columns: the windows of one row, and what comes of them. */
export function stride(): Drawn {
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

/** The formula along a line of seven: mats of three, laid one, two and three apart. */
export function mats(): Drawn {
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
    const formula = begun(`(${size} − ${kernel})/${step} + 1 = ${shownValue}`, Number.isInteger(value) ? "" : "bad");
    return row([text(`S = ${step}`, "math"), floor(size, kernel, count, step), formula], 26);
  };
  return column([line(1), line(2), line(3)], 26, "left");
}

/** Words that begin where the others do. */
function begun(words: string, kind: string): Drawn {
  return { width: 190, height: 20, at: (x, y) => textAt(words, x, y + 10, "math", `start ${kind}`) };
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
