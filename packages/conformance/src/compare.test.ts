import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { sumUlps, type Meaning } from "./meaning.ts";

const strict = { whole: false, inexact: false };

function meaning(values: readonly number[], extra: Partial<Meaning> = {}): Meaning {
  return { shape: [values.length], dtype: "f32", values: Float64Array.from(values), ...extra };
}

const ok = (actual: readonly number[], wanted: Meaning, rules = strict): boolean =>
  compare(actual, wanted, rules) === undefined;

describe("without a bound", () => {
  test("the nearest number of the dtype, and no other", () => {
    expect(ok([Math.fround(0.1)], meaning([0.1]))).toBe(true);
    expect(ok([Math.fround(0.1) + 2 ** -27], meaning([0.1]))).toBe(false);
  });

  test("NaN equals only NaN, an infinity only itself", () => {
    expect(ok([NaN, Infinity, -Infinity], meaning([NaN, Infinity, -Infinity]))).toBe(true);
    expect(ok([0], meaning([NaN]))).toBe(false);
    expect(ok([NaN], meaning([0]))).toBe(false);
    expect(ok([3.4e38], meaning([Infinity]))).toBe(false);
    expect(ok([-Infinity], meaning([Infinity]))).toBe(false);
  });

  test("a number too large for the dtype is infinite", () => {
    expect(ok([Infinity], meaning([1e39]))).toBe(true);
    expect(ok([Infinity], meaning([1e38]))).toBe(false);
    expect(ok([Infinity], meaning([70000], { dtype: "f16" }))).toBe(true);
  });

  test("−0 is 0, save where elements are moved", () => {
    expect(ok([0, -0], meaning([-0, 0]))).toBe(true);
    expect(ok([0], meaning([-0], { moves: true }))).toBe(false);
    expect(ok([-0], meaning([-0], { moves: true }))).toBe(true);
  });

  test("a subnormal may be flushed, a normal number may not", () => {
    expect(ok([0], meaning([2 ** -130]))).toBe(true);
    expect(ok([0], meaning([2 ** -125]))).toBe(false);
  });

  test("integers are exact, whatever the rules", () => {
    expect(ok([3], meaning([3], { dtype: "i32" }))).toBe(true);
    expect(ok([4], meaning([3], { dtype: "i32", error: Float64Array.of(1e9) }))).toBe(false);
  });
});

describe("with a bound", () => {
  const bounded = meaning([1], { error: Float64Array.of(2), size: Float64Array.of(1) });

  test("up to it and no further", () => {
    expect(ok([1 + 2 ** -23], bounded)).toBe(true);
    expect(ok([1 + 2 ** -22], bounded)).toBe(false);
  });

  test("whole numbers are met exactly, unless the kernel says that it is not exact", () => {
    expect(ok([1 + 2 ** -23], bounded, { whole: true, inexact: false })).toBe(false);
    expect(ok([1 + 2 ** -23], bounded, { whole: true, inexact: true })).toBe(true);
    expect(ok([1 + 2 ** -22], bounded, { whole: true, inexact: true })).toBe(false);
  });

  test("whole numbers beyond 2²⁴ are held to the bound", () => {
    const large = meaning([2 ** 25 + 1], { error: Float64Array.of(2 ** 26), size: Float64Array.of(2 ** 25 + 1) });
    expect(ok([2 ** 25 + 4], large, { whole: true, inexact: false })).toBe(true);
  });

  test("an inexact kernel may spread NaN where there is one, and nowhere else", () => {
    const two = meaning([1, NaN], { error: Float64Array.of(2, NaN) });
    expect(ok([NaN, NaN], two, { whole: false, inexact: true })).toBe(true);
    expect(ok([NaN, NaN], two)).toBe(false);
    expect(ok([NaN], bounded, { whole: false, inexact: true })).toBe(false);
  });
});

test("the first wrong element is named, and all are counted", () => {
  const off = compare([1, 5, 6], meaning([1, 2, 3]), strict);
  expect(off).toEqual({ position: 1, expected: 2, actual: 5, tolerance: 0, wrong: 2 });
  expect(compare([1], meaning([1, 2]), strict)).toBeDefined();
});

test("ulps for n products", () => {
  expect([1, 2, 16, 100].map(sumUlps)).toEqual([2, 4, 32, 88]);
});
