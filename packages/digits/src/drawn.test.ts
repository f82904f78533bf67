import { createHash } from "node:crypto";
import { TatamiError } from "@tatamijs/core";
import { expect, test } from "vitest";
import { drawnDigits } from "./drawn.ts";
import { random } from "./random.ts";
import { heldOutStyles, trainedStyles } from "./strokes/styles.ts";

test("a seed means these bytes, on every machine", () => {
  const { images } = drawnDigits({ count: 260, seed: 7 });
  expect(createHash("sha256").update(images).digest("hex")).toBe(
    "f65d9e1eea4d3bb82e8eede86cd625361c6996837108b9b609cb4ca508ac82a2",
  );
});

test("digits in turn, style by style, only those that training may use", () => {
  const { count, labels, styles, images } = drawnDigits({ count: 10 * trainedStyles.length, seed: 1 });
  expect(images).toHaveLength(count * 784);
  expect([...labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  expect(new Set(styles)).toEqual(new Set(trainedStyles));
  expect(styles.filter((name) => heldOutStyles.includes(name))).toEqual([]);
});

test("picture i is the same whatever the count, and another for another seed", () => {
  const few = drawnDigits({ count: 30, seed: 3 }).images;
  expect(drawnDigits({ count: 50, seed: 3 }).images.slice(0, few.length)).toEqual(few);
  const other = drawnDigits({ count: 30, seed: 4 }).images;
  for (let i = 0; i < 30; i++)
    expect(other.slice(i * 784, (i + 1) * 784)).not.toEqual(few.slice(i * 784, (i + 1) * 784));
});

test("as much ink as MNIST: a mean of 33 (0.13) with 19 % of the pixels inked, within a fifth", () => {
  const { images } = drawnDigits({ count: 1300, seed: 5 });
  const mean = images.reduce((sum, value) => sum + value, 0) / images.length;
  const inked = images.filter((value) => value > 0).length / images.length;
  expect(mean).toBeGreaterThan(33.3 * 0.8);
  expect(mean).toBeLessThan(33.3 * 1.2);
  expect(inked).toBeGreaterThan(0.19 * 0.8);
  expect(inked).toBeLessThan(0.19 * 1.2);
});

test.each([
  [{ count: -1, seed: 0 }, /count is -1/],
  [{ count: 1.5, seed: 0 }, /count is 1.5/],
  [{ count: 2e6, seed: 0 }, /count is 2000000/],
  [{ count: 1, seed: Number.NaN }, /seed is NaN/],
  [{ count: 1, seed: 0, styles: [] }, /styles is \[\]/],
  [{ count: 1, seed: 0, styles: ["toString"] }, /styles is \["toString"\], wanted a list of names out of print/],
  [null, /options is null/],
])("%j is an error", (options, text) => {
  let thrown: unknown;
  try {
    drawnDigits(options as Parameters<typeof drawnDigits>[0]);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TatamiError);
  expect((thrown as TatamiError).code).toBe("argument");
  expect((thrown as TatamiError).message).toMatch(text);
});

test("the generator: uniform, normal, streams apart", () => {
  const one = random(1);
  const draws = Array.from({ length: 20_000 }, () => one.uniform());
  expect(draws.reduce((a, b) => a + b, 0) / draws.length).toBeCloseTo(0.5, 2);
  const normals = Array.from({ length: 20_000 }, () => one.normal());
  expect(normals.reduce((a, b) => a + b * b, 0) / normals.length).toBeCloseTo(1, 1);
  expect(random(1, 0).uniform()).not.toBe(random(1, 1).uniform());
  expect(random(1).uniform()).not.toBe(random(1 + 2 ** 32).uniform());
  expect(Array.from({ length: 100 }, () => one.below(3)).every((n) => n === 0 || n === 1 || n === 2)).toBe(true);
});
