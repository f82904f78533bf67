// The arena's own sums, and that its lists are whole.
import { allCases } from "@tatamijs/conformance";
import { describe, expect, test } from "vitest";
import { contests } from "./contests.ts";
import { count } from "./count.ts";
import { modelOf } from "./models.ts";
import { opened } from "./opening.ts";
import { allOps } from "./ops.ts";
import type { Timed } from "./protocol.ts";
import { race } from "./race.ts";
import { difference, quantile, tickOf } from "./statistics.ts";

describe("statistics", () => {
  test("quantiles lie between the two nearest", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([0, 10], 0.95)).toBeCloseTo(9.5);
  });

  test("the largest difference, and what it is of the largest number", () => {
    expect(difference([1, -8, 3], [1, -10, 3])).toEqual({ most: 2, share: 0.2 });
    expect(difference([NaN, 1], [NaN, 1]).most).toBe(0);
    expect(difference([NaN, 1], [0, 1]).most).toBeNaN();
    expect(difference([0, 1], [0, 1, 5]).most).toBeNaN();
  });

  test("the tick of a clock that jumps", () => {
    let calls = 0;
    expect(tickOf(() => Math.floor(calls++ / 7) * 0.25)).toBe(0.25);
  });
});

test("every op of the kit stands in the matrix once", () => {
  const inKit = [...new Set([...allCases()].map(({ op }) => op))];
  expect(allOps.toSorted()).toEqual(inKit.toSorted());
});

test("every contest has its model, and a network's operations are counted", () => {
  for (const contest of contests) expect(modelOf(contest).x.length, contest.id).toBeGreaterThan(0);
  expect(modelOf(contests.find(({ id }) => id === "pool")!).operations).toBe(0);
  const [one, many] = ["digits", "digits32"].map((id) => modelOf(contests.find((contest) => contest.id === id)!));
  expect(many!.operations).toBe(32 * one!.operations);
});

test("a race tells times of each backend, and how far they are apart", async () => {
  for (const name of ["wasm", "cpu"] as const) expect(await opened(name)).toMatchObject({ name, here: true });
  const told: Timed[] = [];
  await race(["wasm", "cpu"], ["digits"], 20, (timed) => told.push(timed));
  for (const name of ["wasm", "cpu"] as const) {
    const last = told.findLast((timed) => timed.name === name)!;
    expect(last).toMatchObject({ id: "digits", state: "done" });
    expect(last.p95!).toBeGreaterThanOrEqual(last.median!);
    expect(last.runs!).toBeGreaterThanOrEqual(5);
    expect(last.share!).toBeLessThan(1e-5);
  }
  expect(told.findLast(({ name }) => name === "cpu")!.difference).toBe(0);
});

test("large numbers are read in groups of three digits", () => {
  expect([0, 999, 3879, 1234567].map(count)).toEqual(["0", "999", "3,879", "1,234,567"]);
});
