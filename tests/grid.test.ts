import { expect, test } from "vitest";
import { grid, holes } from "../scripts/check-grid.ts";

test("every op has its file in every column, and no file stands there without an op", () => {
  expect(grid().length).toBeGreaterThan(20);
  expect(holes()).toEqual([]);
});

test("a hole is found", () => {
  expect(holes([{ op: "dream", composite: false, file: "dream" }])).toContain(
    "dream has no packages/conformance/src/ops/dream.ts",
  );
});
