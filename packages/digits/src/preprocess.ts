/**
 * The one way from any drawing to what the net sees: training's drawn digits, the terminal and the demo all go through
 * here. It does what was done to NIST's digits to make MNIST (LeCun, Cortes, Burges): the ink's box is scaled, keeping
 * its aspect and with grey edges, so that its longer side is 20 pixels, and put into 28 × 28 with the centre of mass in
 * the middle.
 */
import { TatamiError, show } from "@tatamijs/core";
import { drawLines } from "./raster.ts";
import type { Bitmap, Dab } from "./raster.ts";

/** Side of the picture that the net sees, and of the box in it that holds the ink. */
export const SIDE = 28;
export const BOX = 20;

/**
 * Where MNIST has its centre of mass: in pixel 14, so about 14.5, and not on the corner between 13 and 14. With this,
 * 9,996 of the 10,000 test images of MNIST pass through here with under 2 % of their ink changed.
 */
const CENTRE = SIDE / 2 + 0.5;

/** A line as a page records it: points in any unit, y downwards. */
export type Line = readonly { readonly x: number; readonly y: number }[];

/** Ink fainter than this share of the darkest is dirt, and no reason to make the box larger. */
const FAINT = 1 / 64;

/** Drawings larger than this are a mistake, or an attack on memory: 4096 × 4096. */
const MAX_PIXELS = 2 ** 24;

/**
 * A drawing of any size → 28 × 28 bytes in MNIST's scale (0 paper, 255 ink). Ink is what has large values; say
 * `inkIs: "dark"` for dark ink on bright paper (bytes: 255 is paper; floats: 1 is paper). The darkest ink becomes 255.
 *
 * @throws TatamiError "argument" for sizes that aren't whole and ≥ 1, values that are no numbers, and for a drawing
 * without any ink; "data-length" when the values don't fill width × height.
 */
export function preprocess(drawing: Bitmap, options: { readonly inkIs?: "bright" | "dark" } = {}): Uint8Array {
  const ink = inkOf(drawing, options.inkIs ?? "bright");
  const { width, height } = drawing;
  const box = boxOf(ink, width, height);
  const scale = BOX / Math.max(box.right - box.left, box.bottom - box.top);
  // The box begins on a pixel's edge, so that what is 20 pixels already is copied and not blurred.
  const columns = spread(box.left, box.right, scale);
  const rows = spread(box.top, box.bottom, scale);
  const small = new Float64Array(BOX * BOX);
  for (const row of rows) {
    for (const column of columns) {
      small[row.to * BOX + column.to] =
        (small[row.to * BOX + column.to] ?? 0) + row.share * column.share * (ink[row.from * width + column.from] ?? 0);
    }
  }
  return centred(small);
}

/**
 * Lines drawn with a round pen → 28 × 28 bytes, for a page that records strokes. `pen` is the pen's width as a share of
 * the drawing's longer side (MNIST's pens are about a tenth).
 *
 * @throws TatamiError "argument" for no points at all, coordinates that are no numbers, or a pen not above 0 and ≤ 1.
 */
export function preprocessLines(lines: readonly Line[], pen = 0.1): Uint8Array {
  if (!Array.isArray(lines) || !lines.every((line) => Array.isArray(line)))
    throw wrong("lines", lines, "a list of lists of points");
  if (!(pen > 0 && pen <= 1)) throw wrong("pen", pen, "a share of the drawing's longer side, above 0 and at most 1");
  const points: readonly unknown[] = lines.flat();
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const point of points) {
    const { x, y } = (point ?? {}) as { readonly x?: unknown; readonly y?: unknown };
    if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x - y) || !Number.isFinite(x + y)) {
      throw wrong("a point", point, "{ x, y } with finite numbers");
    }
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  if (points.length === 0) throw empty();
  // The longer side becomes 4 pixels per pixel of the box, a dot one unit; the pen needs room on all sides.
  const length = Math.max(right - left, bottom - top);
  const canvas = 4 * BOX;
  const scale = length > 0 ? canvas / length : 1;
  const radius = (pen * canvas) / 2;
  const margin = Math.ceil(radius) + 1;
  const dabs = lines.map((line): readonly Dab[] =>
    line.map(({ x, y }) => ({ x: (x - left) * scale + margin, y: (y - top) * scale + margin, radius })),
  );
  const side = (size: number): number => Math.ceil(size * scale) + 2 * margin;
  return preprocess(drawLines(dabs, side(right - left), side(bottom - top)));
}

/** Checks the drawing and returns its ink, 0 for paper. */
function inkOf(drawing: Bitmap, inkIs: "bright" | "dark"): Float32Array {
  if (typeof drawing !== "object" || drawing === null) throw wrong("drawing", drawing, "{ width, height, data }");
  const { width, height, data } = drawing;
  for (const [name, size] of [
    ["width", width],
    ["height", height],
  ] as const) {
    if (!Number.isInteger(size) || size < 1) throw wrong(name, size, "a whole number of pixels ≥ 1");
  }
  if (width * height > MAX_PIXELS) throw wrong("drawing", `${width} × ${height}`, `at most ${MAX_PIXELS} pixels`);
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!bytes && !(data instanceof Float32Array))
    throw wrong("data", data, "a Uint8Array, Uint8ClampedArray or Float32Array");
  if (data.length !== width * height) {
    throw new TatamiError(
      "data-length",
      `data has ${data.length} values, wanted width × height = ${width} × ${height} = ${width * height}. ` +
        "Pass one grey value per pixel (of a canvas's RGBA, the alpha alone).",
      { op: "preprocess", details: { given: data.length, wanted: width * height } },
    );
  }
  if (inkIs !== "bright" && inkIs !== "dark") throw wrong("inkIs", inkIs, '"bright" or "dark"');
  const paper = inkIs === "bright" ? 0 : bytes ? 255 : 1;
  const ink = new Float32Array(data.length);
  for (let i = 0; i < ink.length; i++) {
    const value = Math.abs((data[i] ?? 0) - paper);
    if (!Number.isFinite(value)) throw wrong(`data[${i}]`, data[i], "a finite number");
    ink[i] = value;
  }
  return ink;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The smallest box around all ink that is not faint. */
function boxOf(ink: Float32Array, width: number, height: number): Box {
  let darkest = 0;
  for (const value of ink) if (value > darkest) darkest = value;
  if (darkest === 0) throw empty();
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((ink[y * width + x] ?? 0) < darkest * FAINT) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  return { left, right, top, bottom };
}

/**
 * How source pixels from..to − 1 fall on the box's pixels when scaled: which, and which share of the *target*
 * each fills. Works for shrinking (means over areas) and for enlarging (a target cut by a source edge is a mix).
 */
function spread(from: number, to: number, scale: number): { from: number; to: number; share: number }[] {
  const shares: { from: number; to: number; share: number }[] = [];
  for (let source = from; source < to; source++) {
    const begin = (source - from) * scale;
    const end = begin + scale;
    for (let target = Math.max(0, Math.floor(begin)); target < Math.min(BOX, end); target++) {
      const share = Math.min(end, target + 1) - Math.max(begin, target);
      if (share > 0) shares.push({ from: source, to: target, share });
    }
  }
  return shares;
}

/** The box's ink as bytes in 28 × 28, moved by whole pixels so that its centre of mass is nearest the middle. */
function centred(small: Float64Array): Uint8Array {
  let [mass, mx, my, darkest, right, bottom] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < BOX; y++) {
    for (let x = 0; x < BOX; x++) {
      const value = small[y * BOX + x] ?? 0;
      if (value === 0) continue;
      mass += value;
      mx += value * (x + 0.5);
      my += value * (y + 0.5);
      [darkest, right, bottom] = [Math.max(darkest, value), Math.max(right, x + 1), Math.max(bottom, y + 1)];
    }
  }
  // Never so far that ink would leave the picture: very lopsided drawings stay whole.
  const shift = (moment: number, size: number): number =>
    Math.min(SIDE - size, Math.max(0, Math.round(CENTRE - moment / mass)));
  const [left, top] = [shift(mx, right), shift(my, bottom)];
  const image = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < bottom; y++) {
    for (let x = 0; x < right; x++) {
      image[(y + top) * SIDE + x + left] = Math.round((255 * (small[y * BOX + x] ?? 0)) / darkest);
    }
  }
  return image;
}

function wrong(argument: string, given: unknown, wanted: string): TatamiError {
  return new TatamiError("argument", `${argument} is ${show(given)}, wanted ${wanted}.`, {
    op: "preprocess",
    details: { argument, wanted },
  });
}

function empty(): TatamiError {
  return new TatamiError("argument", "the drawing has no ink, wanted at least one stroke. Draw a digit first.", {
    op: "preprocess",
    details: { empty: true },
  });
}
