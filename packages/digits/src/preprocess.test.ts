import { TatamiError } from "@tatamijs/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preprocess, preprocessLines } from "./preprocess.ts";
import { drawLines } from "./raster.ts";
import type { Bitmap } from "./raster.ts";

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TatamiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}

/** A picture from rows of text: `#` is ink. */
function bitmap(...rows: readonly string[]): Bitmap {
  const data = Float32Array.from(rows.join(""), (char) => (char === "#" ? 1 : 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}

function inkBox(image: Uint8Array): { left: number; right: number; top: number; bottom: number } {
  const at = [...image.keys()].filter((i) => (image[i] ?? 0) > 0);
  const xs = at.map((i) => i % 28);
  const ys = at.map((i) => Math.floor(i / 28));
  return { left: Math.min(...xs), right: Math.max(...xs) + 1, top: Math.min(...ys), bottom: Math.max(...ys) + 1 };
}

function centre(image: Uint8Array): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  for (const [i, value] of image.entries()) {
    mass += value;
    x += value * ((i % 28) + 0.5);
    y += value * (Math.floor(i / 28) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}

describe("what MNIST does", () => {
  test("the longer side becomes 20 pixels, the aspect stays, the darkest ink is 255", () => {
    const image = preprocess(
      bitmap("......", ".#..#.", ".#..#.", ".#..#.", ".#..#.", ".#..#.", ".#..#.", ".####.", ".####."),
    );
    const { left, right, top, bottom } = inkBox(image);
    expect([right - left, bottom - top]).toEqual([10, 20]);
    expect(Math.max(...image)).toBe(255);
  });

  test("the centre of mass lies in pixel 14", () => {
    const image = preprocess(bitmap("#.....", "#.....", "#.....", "######", "######"));
    const { x, y } = centre(image);
    expect(x).toBeGreaterThanOrEqual(14);
    expect(x).toBeLessThanOrEqual(15);
    expect(y).toBeGreaterThanOrEqual(14);
    expect(y).toBeLessThanOrEqual(15);
  });

  test("very lopsided ink stays whole", () => {
    // Nearly all ink in a blob at the right end of a long thin line.
    const data = new Float32Array(400 * 40);
    for (let x = 0; x < 400; x++) data[39 * 400 + x] = 1;
    for (let y = 0; y < 40; y++) for (let x = 380; x < 400; x++) data[y * 400 + x] = 1;
    const { left, right } = inkBox(preprocess({ width: 400, height: 40, data }));
    expect(right - left).toBe(20);
  });

  test("an image of MNIST's kind passes unchanged", () => {
    const image = preprocess(
      drawLines(
        [
          [
            { x: 40, y: 12, radius: 4 },
            { x: 20, y: 70, radius: 5 },
            { x: 60, y: 66, radius: 4 },
          ],
        ],
        80,
        80,
      ),
    );
    // Grey edges below 1/64 of the ink would count as dirt: none here after the first pass but by rounding.
    const again = preprocess({ width: 28, height: 28, data: image.map((value) => (value < 4 ? 0 : value)) });
    const once = preprocess({ width: 28, height: 28, data: again });
    expect(once).toEqual(again);
  });

  test("where, how large and how dark it was drawn makes no difference", () => {
    const draw = (size: number, dx: number, ink: number): Bitmap => {
      const { data, ...rest } = drawLines(
        [
          [
            { x: size * 0.3 + dx, y: size * 0.2, radius: size / 20 },
            { x: size * 0.62 + dx, y: size * 0.83, radius: size / 16 },
          ],
        ],
        2 * size,
        size,
      );
      return { ...rest, data: Float32Array.from(data, (value) => value * ink) };
    };
    const reference = preprocess(draw(200, 0, 1));
    expect(preprocess(draw(200, 57, 1))).toEqual(reference);
    expect(preprocess(draw(200, 0, 0.5))).toEqual(reference);
    const larger = preprocess(draw(400, 0, 1));
    expect(Math.max(...larger.map((value, i) => Math.abs(value - (reference[i] ?? 0))))).toBeLessThan(40);
  });

  test("dark ink on bright paper, in bytes and in floats", () => {
    const light = bitmap("#..", "#..", "##.");
    const bytes = Uint8ClampedArray.from(light.data, (value) => 255 - 255 * value);
    const floats = Float32Array.from(light.data, (value) => 1 - value);
    const wanted = preprocess(light);
    expect(preprocess({ ...light, data: bytes }, { inkIs: "dark" })).toEqual(wanted);
    expect(preprocess({ ...light, data: floats }, { inkIs: "dark" })).toEqual(wanted);
  });

  test("a dot, a single row and a single column", () => {
    expect(inkBox(preprocess(bitmap("...", ".#.", "...")))).toEqual({ left: 5, right: 25, top: 5, bottom: 25 });
    expect(inkBox(preprocess(bitmap("#####")))).toMatchObject({ left: 5, right: 25 });
    expect(inkBox(preprocess(bitmap("#", "#", "#", "#")))).toMatchObject({ top: 5, bottom: 25 });
  });
});

describe("lines", () => {
  test("the unit does not matter, and a straight line is a one", () => {
    const line = [
      { x: 0, y: 0 },
      { x: 0.1, y: 1 },
    ];
    const image = preprocessLines([line]);
    expect(preprocessLines([line.map(({ x, y }) => ({ x: 1000 * x + 7, y: 1000 * y - 9 }))])).toEqual(image);
    const { left, right, top, bottom } = inkBox(image);
    expect(bottom - top).toBe(20);
    expect(right - left).toBeLessThan(8);
  });

  test("a tap of the pen is a dot", () => {
    expect(inkBox(preprocessLines([[{ x: 5, y: 5 }]]))).toMatchObject({ right: 25, bottom: 25 });
  });

  test.each([
    ["nothing", [], undefined, /no ink/],
    ["empty lines", [[], []], undefined, /no ink/],
    ["no list", 3, undefined, /lines is 3/],
    ["no points", [[1]], undefined, /a point is 1/],
    ["NaN", [[{ x: Number.NaN, y: 0 }]], undefined, /finite/],
    ["no pen", [[{ x: 0, y: 0 }]], 0, /pen is 0/],
  ])("%s", (_, lines, pen, text) => {
    expect(code(() => preprocessLines(lines as Parameters<typeof preprocessLines>[0], pen))).toMatch(text);
  });
});

describe("bad drawings", () => {
  const good = bitmap("#.", ".#");
  test.each([
    ["an empty drawing", { ...good, data: new Float32Array(4) }, /^argument .*no ink, wanted at least one stroke/],
    ["nothing", null, /^argument .*drawing is null/],
    ["a fractional width", { ...good, width: 1.5 }, /^argument .*width is 1.5/],
    ["no height", { ...good, height: 0 }, /^argument .*height is 0/],
    [
      "RGBA",
      { ...good, data: new Uint8ClampedArray(16) },
      /^data-length .*16 values, wanted width × height = 2 × 2 = 4.*alpha alone/,
    ],
    ["a plain array", { ...good, data: [0, 1, 0, 1] }, /^argument .*data is/],
    ["NaN", { ...good, data: new Float32Array([0, Number.NaN, 0, 0]) }, /^argument .*data\[1\] is NaN/],
    ["too large", { width: 2 ** 20, height: 2 ** 20, data: new Float32Array(1) }, /^argument .*at most/],
  ])("%s", (_, drawing, text) => {
    expect(code(() => preprocess(drawing as Bitmap))).toMatch(text);
  });

  test("any drawing: 28 × 28 bytes with full ink, or a TatamiError", () => {
    const drawing = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .chain(([width, height]) =>
        fc
          .float32Array({ minLength: width * height, maxLength: width * height, min: 0, max: 1, noNaN: true })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(drawing, (one) => {
        fc.pre(one.data.some((value) => value > 1e-30));
        const image = preprocess(one);
        expect(image).toHaveLength(784);
        expect(Math.max(...image)).toBe(255);
      }),
    );
  });
});
