import { describe, expect, test } from "vitest";
import { drawnDigits } from "./drawn.ts";
import { gallery, inkFor, picture } from "./picture.ts";

const { images } = drawnDigits({ count: 6, seed: 11, styles: ["print"] });
const items = Array.from({ length: 6 }, (_, i) => ({
  image: images.slice(i * 784, (i + 1) * 784),
  caption: [`${i}`, `0.97${i}`],
}));
const digit = (i: number): Uint8Array => images.slice(i * 784, (i + 1) * 784);

describe("what to draw with", () => {
  test.each([
    [true, {}, "grey"],
    [true, { NO_COLOR: "1" }, "blocks"],
    [true, { NO_COLOR: "" }, "grey"],
    [true, { TERM: "dumb" }, "ascii"],
    [false, {}, "ascii"],
    [undefined, {}, "ascii"],
  ])("isTTY %j, env %j: %s", (isTTY, env, ink) => {
    expect(inkFor({ isTTY, env })).toBe(ink);
  });
});

test("a one in ASCII looks like a one", () => {
  expect(picture(digit(1), "ascii", true)).toMatchInlineSnapshot(`
    [
      "    -.      ",
      "    =*      ",
      "     #-     ",
      "     -%.    ",
      "      *+    ",
      "      .-    ",
    ]
  `);
});

test("in blocks, without colour codes", () => {
  expect(picture(digit(4), "blocks")).toMatchInlineSnapshot(`
    [
      "                        ",
      "             ▄██        ",
      "            ▄███        ",
      "          ▄██▀██        ",
      "         ██▀  ██        ",
      "       ▄██▀   ██        ",
      "      ███     ██        ",
      "     ▀██████████▄▄▄▄    ",
      "           ▀▀▀█▀▀▀██    ",
      "             ██         ",
      "             ██         ",
      "                        ",
    ]
  `);
});

test("sizes: 24 × 12, or 12 × 6 when halved; ASCII has no other character, grey resets at each end", () => {
  expect(picture(digit(0), "ascii")).toHaveLength(12);
  expect(picture(digit(0), "ascii", true).map((line) => line.length)).toEqual([12, 12, 12, 12, 12, 12]);
  expect(picture(digit(0), "ascii").join("")).toMatch(/^[\x20-\x7e]+$/);
  expect(picture(digit(0), "grey").every((line) => line.endsWith("\u001b[0m"))).toBe(true);
});

test("six beside each other: small in 80 columns, large in 160, wrapped in 30; never wider than asked", () => {
  expect(gallery(items, "ascii", 80)).toHaveLength(8);
  expect(gallery(items, "ascii", 160)).toHaveLength(14);
  expect(gallery(items, "ascii", 30)).toHaveLength(3 * 8 + 2);
  const captions = gallery(items, "ascii", 60).filter((line) => /^\d +\d +\d$/.test(line));
  expect(captions).toEqual(["0            1            2", "3            4            5"]);
  for (const columns of [12, 30, 60, 77, 80, 149, 160]) {
    expect(Math.max(...gallery(items, "ascii", columns).map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
  expect(gallery(items, "ascii", 80).at(-1)).toBe(
    items
      .map(({ caption }) => (caption[1] ?? "").padEnd(12))
      .join(" ")
      .trimEnd(),
  );
  expect(gallery([], "ascii")).toEqual([]);
});

test("a caption that is too long is cut, not wrapped", () => {
  const [item] = items;
  if (item === undefined) throw new Error("no item");
  expect(gallery([{ ...item, caption: ["x".repeat(100)] }], "ascii", 80).at(-1)).toBe(`${"x".repeat(23)}…`);
});
