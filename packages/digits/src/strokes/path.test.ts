import { describe, expect, test } from "vitest";
import { parseGlyph, trace } from "./path.ts";
import { heldOutStyles, styleNames, styleOf, trainedStyles } from "./styles.ts";

function only(text: string): ReturnType<typeof trace> {
  const [stroke] = parseGlyph(text);
  if (stroke === undefined) throw new Error("no stroke");
  return trace(stroke, 1);
}

describe("the language", () => {
  test("points, corners, lifts and closing", () => {
    const [one, two] = parseGlyph("1,2 30,40 | 5,6 / 7,8 9,10 11,12 o");
    expect(one?.points).toEqual([
      { x: 1, y: 2 },
      { x: 30, y: 40 },
      { x: 5, y: 6 },
    ]);
    expect([...(one?.corners ?? [])]).toEqual([1]);
    expect([one?.closed, two?.closed]).toEqual([false, true]);
  });

  test.each(["", "1,2", "1,2 3", "1,2 o 3,4", "1,2 / 3,4", "a,b c,d"])("%j is a mistake", (text) => {
    expect(() => parseGlyph(text)).toThrow(/glyph/);
  });
});

describe("the curve", () => {
  test("two points are a straight line, evenly walked", () => {
    const line = only("0,0 10,0");
    expect(line).toHaveLength(11);
    expect(line.every(({ x, y }, i) => Math.abs(x - i) < 1e-9 && y === 0)).toBe(true);
  });

  test("it passes through every point", () => {
    const line = only("10,10 20,40 70,50 40,90 | 90,90");
    for (const [x, y] of [
      [10, 10],
      [20, 40],
      [70, 50],
      [40, 90],
      [90, 90],
    ] as const) {
      expect(Math.min(...line.map((point) => Math.hypot(point.x - x, point.y - y)))).toBeLessThan(1e-9);
    }
  });

  test("a corner is sharp, and no corner is smooth", () => {
    const turn = (text: string): number => {
      const line = only(text);
      const angles = line.slice(1, -1).map((point, i) => {
        const [before, after] = [line[i], line[i + 2]];
        if (before === undefined || after === undefined) throw new Error("no neighbour");
        const [ax, ay, bx, by] = [point.x - before.x, point.y - before.y, after.x - point.x, after.y - point.y];
        return Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by));
      });
      return Math.max(...angles);
    };
    expect(turn("10,10 90,10 | 90,90")).toBeCloseTo(Math.PI / 2, 1);
    expect(turn("10,10 90,10 90,90")).toBeLessThan(0.5);
  });

  test("a closed curve ends where it began", () => {
    const line = only("50,5 20,50 50,95 80,50 o");
    expect(line.at(-1)).toEqual(line[0]);
  });
});

describe("the styles", () => {
  test("ten or more, each with ten glyphs inside the box; a dozen or more per class to train on; two or more held out", () => {
    expect(trainedStyles.length).toBeGreaterThanOrEqual(12);
    expect(heldOutStyles.length).toBeGreaterThanOrEqual(2);
    expect(new Set([...trainedStyles, ...heldOutStyles])).toEqual(new Set(styleNames));
    expect(trainedStyles.length + heldOutStyles.length).toBe(styleNames.length);
    for (const name of styleNames) {
      const { glyphs } = styleOf(name);
      expect(glyphs).toHaveLength(10);
      const points = glyphs.flat().flatMap((stroke) => trace(stroke, 5));
      expect(points.every(({ x, y }) => x >= -4 && x <= 104 && y >= -4 && y <= 104)).toBe(true);
    }
  });

  test("no glyph occurs twice but the plain stroke of the one", () => {
    const texts = styleNames.flatMap((name) =>
      styleOf(name).glyphs.map((glyph, digit) => [digit, JSON.stringify(glyph)] as const),
    );
    const others = texts.filter(([digit]) => digit !== 1).map(([, text]) => text);
    expect(new Set(others).size).toBe(others.length);
  });
});
