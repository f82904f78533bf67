import { describe, expect, test } from "vitest";
import { backendTable, columnsOf, count, folded, percent, phase } from "./report.ts";
import type { BackendRow } from "./report.ts";

test.each([
  [0.9937, "99.37 %"],
  [0.9907, "99.07 %"],
  [0.98999, "98.99 %"],
  [1, "100.00 %"],
  [0, "0.00 %"],
  [Number.NaN, "–"],
])("%f is %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

test("shares of 10,000 are exact", () => {
  for (let right = 0; right <= 10_000; right++) expect(percent(right / 10_000)).toBe(`${(right / 100).toFixed(2)} %`);
});

test("counts", () => {
  expect([0, 999, 1000, 12_345.6, 1_234_567].map(count)).toEqual(["0", "999", "1,000", "12,346", "1,234,567"]);
});

test("the width of a terminal, or 80", () => {
  expect([columnsOf({ columns: 60 }), columnsOf({ columns: 0 }), columnsOf({})]).toEqual([60, 80, 80]);
});

describe("a phase", () => {
  test("is one line", () => {
    expect(phase("weights", 0.04, "58,106 parameters", 80)).toBe("weights          0.0 s  58,106 parameters");
  });
  test("is folded under its words", () => {
    expect(phase("digits", 1.26, "MNIST is not on this machine and the network was not asked", 60).split("\n")).toEqual(
      ["digits           1.3 s  MNIST is not on this machine and the", "                        network was not asked"],
    );
  });
  test("a word longer than a line stands alone, and nothing is lost", () => {
    const words = `see ${"x".repeat(40)} or not`;
    expect(folded(words, 10)).toEqual(["see", "x".repeat(40), "or not"]);
  });
});

describe("the backends", () => {
  const cpu: BackendRow = {
    name: "cpu",
    variant: "plain TypeScript, 1 thread",
    accuracy: 0.9937,
    imagesPerSecond: 3412.4,
    difference: undefined,
  };
  const wasm: BackendRow = {
    name: "wasm",
    variant: "relaxed simd, 2 threads",
    accuracy: 0.9936,
    imagesPerSecond: 21_000,
    difference: 0.0000123,
  };
  test("are a table of 80 columns", () => {
    expect(backendTable([cpu, wasm], 80)).toEqual([
      "backend  variant                     accuracy  images/s  differs from cpu by",
      "cpu      plain TypeScript, 1 thread   99.37 %     3,412                    —",
      "wasm     relaxed simd, 2 threads      99.36 %    21,000               1.2e-5",
    ]);
  });
  test("stand one under the other in 60", () => {
    const lines = backendTable([cpu, wasm], 60);
    expect(lines).toEqual([
      "cpu: plain TypeScript, 1 thread",
      "  accuracy 99.37 %, 3,412 images/s, differs from cpu by —",
      "wasm: relaxed simd, 2 threads",
      "  accuracy 99.36 %, 21,000 images/s, differs from cpu by",
      "  1.2e-5",
    ]);
    expect(lines.every(({ length }) => length <= 60)).toBe(true);
  });
  test("no difference is 0, a NaN is said", () => {
    const last = (difference: number): string | undefined =>
      backendTable([{ ...wasm, difference }], 80)[1]
        ?.split(/ +/)
        .at(-1);
    expect([last(0), last(Number.NaN)]).toEqual(["0", "NaN"]);
  });
});
