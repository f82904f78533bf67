import { TatamiError } from "@tatamijs/core";
import { generator, type Generator } from "@tatamijs/nn";
import { expect, test } from "vitest";
import { inTurn, randomAffine, randomFlip } from "./augment.ts";

/** Draws that are all the same: 1 is the largest change one way, 0 the other, 0.5 none. */
const always = (value: number): Generator => ({
  next: () => value,
  normal: () => 0,
  below: () => 0,
  ahead: () => always(value),
});
const picture = (): Float32Array => Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8);

test("no change is no change", () => {
  const x = picture();
  randomAffine({ shift: 3, rotate: 20, scale: 0.5, shear: 0.5 })(x, [1, 3, 3], always(0.5));
  expect(x).toEqual(picture());
});

test("shift moves right and down, and fills", () => {
  const x = picture();
  randomAffine({ shift: 1, fill: 9 })(x, [3, 3], always(1));
  expect(x).toEqual(Float32Array.of(9, 9, 9, 9, 0, 1, 9, 3, 4));
});

test("a quarter turn puts rows into columns", () => {
  const x = picture();
  randomAffine({ rotate: 90 })(x, [3, 3], always(1));
  // y downwards: a positive angle turns clockwise.
  x.forEach((v, i) => expect(v).toBeCloseTo([6, 3, 0, 7, 4, 1, 8, 5, 2][i]!, 5));
});

test("twice as large shows the middle half; each plane by itself", () => {
  const x = Float32Array.from({ length: 2 * 25 }, (_, i) => (i < 25 ? i % 5 : 100));
  randomAffine({ scale: 0.999999 })(x, [2, 5, 5], always(1));
  expect([...x.subarray(10, 15)].map((v) => Math.round(v * 100) / 100)).toEqual([1, 1.5, 2, 2.5, 3]);
  expect(new Set(x.subarray(25))).toEqual(new Set([100]));
});

test("flip mirrors rows", () => {
  const x = picture();
  randomFlip()(x, [3, 3], always(0.4));
  expect(x).toEqual(Float32Array.of(2, 1, 0, 5, 4, 3, 8, 7, 6));
  inTurn(randomFlip(1), randomFlip(0))(x, [3, 3], generator(1));
  expect(x).toEqual(picture());
});

test("wrong options", () => {
  const wrong: (() => unknown)[] = [
    () => randomAffine({ shift: -1 }),
    () => randomAffine({ scale: 1 }),
    () => randomAffine({ fill: NaN }),
    () => randomAffine(null as unknown as object),
    () => randomFlip(2),
    () => randomAffine({})(picture(), [9], generator(1)),
  ];
  for (const f of wrong) expect(f, String(f)).toThrow(TatamiError);
});
