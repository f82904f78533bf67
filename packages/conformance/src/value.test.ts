import { expect, test } from "vitest";
import { rng } from "./rng.ts";
import { hasArray, toDType, unit, walk, position } from "./value.ts";
import { erf } from "./functions.ts";

test.runIf(hasArray("f16"))("rounding to f16 by hand is the runtime's", () => {
  const from = rng(3);
  const half = new Float16Array(1);
  for (let i = 0; i < 50_000; i++) {
    const x = (from.next() - 0.5) * 2 ** from.whole(-30, 18);
    half[0] = x;
    expect(toDType("f16", x), String(x)).toBe(half[0]);
  }
  for (const x of [0, -0, 65504, 65519, 65520, -65520, 2 ** -24, 2 ** -25, 3 * 2 ** -25, NaN, Infinity]) {
    half[0] = x;
    expect(toDType("f16", x)).toBe(half[0]);
  }
});

test("units are half the distance to the next number", () => {
  expect(Math.fround(1 + unit("f32"))).toBe(1);
  expect(Math.fround(1 + 2 * unit("f32"))).toBeGreaterThan(1);
  expect(toDType("f16", 1 + unit("f16"))).toBe(1);
  expect(toDType("f16", 1 + 2 * unit("f16"))).toBeGreaterThan(1);
});

test("walk visits in row-major order", () => {
  const seen: string[] = [];
  walk([2, 0], () => seen.push("never"));
  walk([2, 3], (index, flat) => seen.push(`${index.join("")}@${flat}=${position([2, 3], index)}`));
  expect(seen).toEqual(["00@0=0", "01@1=1", "02@2=2", "10@3=3", "11@4=4", "12@5=5"]);
});

// Abramowitz and Stegun, table 7.1.
test.each([
  [0, 0],
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [2, 0.995322265],
  [-1, -0.8427007929],
  [10, 1],
])("erf(%f)", (x, y) => {
  expect(erf(x)).toBeCloseTo(y, 9);
});
