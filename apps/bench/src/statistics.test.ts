import { describe, expect, it } from "vitest";
import { consensus, difference, geometricMean, median, quantile, ratio, spread } from "./statistics.ts";

describe("statistics", () => {
  it("quantiles lie between the samples, whatever their order", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(median([10, 9, 8, 1])).toBe(8.5);
    expect(spread([1, 2, 3, 4, 5])).toBeCloseTo(1 / 3);
  });

  it("a ratio is taken round by round, over the rounds that both have", () => {
    expect(ratio([2, 40, 6], [1, 10, 3])).toBe(2);
    expect(ratio([30], [10, 1000, 1000])).toBe(3);
  });

  it("the geometric mean of ratios is that of their inverses, inverted", () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    expect(1 / geometricMean([1 / 2, 1 / 8])).toBeCloseTo(4);
  });

  it("a difference is a share of the largest value", () => {
    expect(difference(Float32Array.of(1, -4), Float32Array.of(1, -3))).toBe(0.25);
    expect(difference(Float32Array.of(0), Float32Array.of(0))).toBe(0);
    expect(difference(Float32Array.of(1), Float32Array.of(1, 2))).toBe(Infinity);
    expect(difference(Float32Array.of(1, Number.NaN, 2), Float32Array.of(1, 1, 2))).toBeNaN();
  });

  it("the consensus is where most programs agree, not most systems", () => {
    const [a, b] = [Float32Array.of(1), Float32Array.of(2)];
    const vote = (kin: string, values: Float32Array): { kin: string; values: Float32Array } => ({ kin, values });
    expect(consensus([vote("cpu", a), vote("x", b), vote("y", b)], 1e-4)).toBe(1);
    expect(consensus([vote("cpu", a), vote("x", b), vote("x", b)], 1e-4)).toBe(0);
    expect(consensus([vote("cpu", a), vote("x", b)], 1e-4)).toBe(0);
  });
});
