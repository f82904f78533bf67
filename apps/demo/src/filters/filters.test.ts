// Filters without their page: addresses, the library's numbers against sums by hand, and what the magnifier tells of them.
import { nn, open } from "tatamijs";
import { describe, expect, test } from "vitest";
import { filterProgram, layerProgram } from "./graph.ts";
import { fromText, presets, resized, shownNames, toText, turned, type Filter } from "./kernels.ts";
import { blocks, inMosaic, look, lookInto, type Frame } from "./looking.ts";
import { columnsOf, gap, mosaic, mosaicSize, paint } from "./paint.ts";

describe("a filter in the address", () => {
  test("comes back as it was", () => {
    for (const filter of Object.values(presets)) expect(fromText(toText(filter))).toEqual(filter);
  });

  test.each([
    "",
    "1.2.3_1_0_grey",
    "0.0.0.0.x.0.0.0.0_1_0_grey",
    "0.0.0.0.1.0.0.0.0_0_0_grey",
    "0.0.0.0.1.0.0.0.0_1_0_red",
  ])("%s is none", (text) => expect(fromText(text)).toBeUndefined());
});

test("a kernel grows by a border of zeros, and loses it again", () => {
  const wide = resized(presets.sharpen, 5);
  expect(wide.weights.slice(5, 15)).toEqual([0, 0, -1, 0, 0, 0, -1, 5, -1, 0]);
  expect(resized(wide, 3)).toEqual(presets.sharpen);
  expect(turned(presets.sobel)).toEqual([-1, -2, -1, 0, 0, 0, 1, 2, 1]);
});

const [height, width] = [9, 12];
const pixels = Uint8Array.from({ length: height * width * 4 }, (_, k) => (k * 37 + (k >> 3) * 11) % 256);

describe.each(["wasm", "cpu"] as const)("on %s", async (name) => {
  const backend = await open(name);

  test.each(shownNames)("shown as %s, the library's number is the magnifier's sum", async (shown) => {
    for (const size of [3, 5] as const) {
      const weights = Array.from({ length: size * size }, (_, k) => ((k * 5) % 7) - 3);
      const filter: Filter = { size, weights, divisor: 4, offset: 7, shown };
      const program = await filterProgram(backend, height, width, size, shown);
      const values = await program.run(pixels, filter);
      const frame: Frame = { pixels, width, height, values, rows: height, columns: width, channels: program.channels };
      for (const [y, x] of [
        [0, 0],
        [4, 5],
        [8, 11],
        [2, 0],
      ] as const) {
        const { sums, value } = look(frame, filter, { y, x, map: 0 });
        const sum = shown === "edges" ? Math.hypot(...sums) : sums[0]!;
        expect(value).toBeCloseTo(sum / 4 + 7, 3);
      }
      program.close();
    }
  });

  test("of a trained layer, too", async () => {
    const layer = nn.conv2d(1, 6, 5, { generator: nn.generator(3) });
    const program = await layerProgram(backend, height, width, layer);
    const [rows, columns] = [height - 4, width - 4];
    const frame: Frame = {
      pixels,
      width,
      height,
      values: await program.run(pixels, presets.none),
      rows,
      columns,
      channels: 6,
    };
    for (let map = 0; map < 6; map++) {
      const { sums, offset, value } = lookInto(frame, [layer, nn.relu()], { y: 3, x: 2, map });
      expect(value).toBeCloseTo(Math.max(0, sums[0]! + offset), 4);
    }
    program.close();
  });
});

describe("painting", () => {
  const tints = { signed: Uint32Array.from({ length: 129 }, (_, k) => k), paper: 999 };
  const picture = (w: number, h: number): ImageData =>
    ({ width: w, height: h, data: new Uint8ClampedArray(w * h * 4) }) as unknown as ImageData;
  const words = (image: ImageData): number[] => [...new Uint32Array(image.data.buffer)];

  test("what is out of reach is cut off", () => {
    const grey = picture(3, 1);
    paint(Float32Array.of(-5, 127.6, 300), "grey", tints, grey);
    expect([...grey.data]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
    const signed = picture(4, 1);
    paint(Float32Array.of(-900, 0, 255, NaN), "signed", tints, signed);
    expect(words(signed).slice(0, 3)).toEqual([0, 64, 128]);
  });

  test("maps stand beside each other, and a point of the mosaic knows its map", () => {
    const [rows, columns, maps] = [2, 3, 4];
    const [wide, tall] = mosaicSize(rows, columns, maps);
    const image = picture(wide, tall);
    const values = Float32Array.from({ length: rows * columns * maps }, (_, k) => (k % maps === 3 ? 8 : 0));
    mosaic(values, rows, columns, maps, tints, image);
    const frame: Frame = { pixels, width, height, values, rows, columns, channels: maps };
    words(image).forEach((word, k) => {
      if (word === tints.paper) return;
      const { map, y, x } = inMosaic(frame, Math.floor(k / wide), k % wide);
      expect(word).toBe(map === 3 ? 128 : 64);
      expect(y < rows && x < columns).toBe(true);
    });
    expect(columnsOf(12)).toBe(4);
    expect(words(image).filter((word) => word === tints.paper).length).toBe(wide * tall - rows * columns * maps);
    expect(gap).toBeGreaterThan(0);
  });
});

test("blocks are means", () => {
  const white = new Uint8Array(height * width * 4).fill(255);
  const values = new Float32Array(height * width).fill(3);
  const told = blocks({ pixels: white, width, height, values, rows: height, columns: width, channels: 1 });
  expect(told.before.every((value) => Math.abs(value - 255) < 1e-9)).toBe(true);
  expect(told.after).toEqual(Array.from({ length: 48 }, () => 3));
});
