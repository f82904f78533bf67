import { expect, test } from "vitest";
import { failuresOf, markdown, report, whyNot } from "./report.ts";
import type { Result } from "./result.ts";

const results: readonly Result[] = [
  { id: "conv2d/a", op: "conv2d", check: "value", status: "pass" },
  { id: "conv2d/a", op: "conv2d", check: "gradient", status: "fail", reason: "off\nat length" },
  { id: "pool2d/a", op: "pool2d", check: "value", status: "declined", reason: "no f16" },
  { id: "pool2d/b", op: "pool2d", check: "value", status: "declined", reason: "no f16" },
  { id: "cast/a", op: "cast", check: "value", status: "not-run", reason: "no Float16Array" },
  { id: "softmax/a", op: "softmax", check: "value", status: "pass", opened: "no kernel" },
];

test("the report counts, the matrix shows", () => {
  const made = report({ name: "toy", traits: { variant: "wooden" } }, results);
  expect(made.counts).toEqual({ pass: 2, fail: 1, declined: 2, "not-run": 1 });
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(markdown(made)).toMatchInlineSnapshot(`
    "# toy (wooden), contract 1.0

    | op | pass | fail | declined | not-run | opened |
    | --- | --: | --: | --: | --: | --: |
    | conv2d | 1 | 1 |  |  |  |
    | pool2d |  |  | 2 |  |  |
    | cast |  |  |  | 1 |  |
    | softmax | 1 |  |  |  | 1 |
    | **all** | 2 | 1 | 2 | 1 | 1 |

    ## Failed

    - conv2d/a (gradient): off

    ## Declined

    - pool2d: no f16 (2, such as pool2d/a)

    ## Not run

    - cast: no Float16Array
    "
  `);
});

test("what a test runner is told", () => {
  expect(failuresOf(results)).toBe("gradient: off\nat length");
  expect(failuresOf(results.slice(2))).toBeUndefined();
  expect(whyNot(results.slice(2, 5))).toBe("declined: no f16; declined: no f16; not-run: no Float16Array");
  expect(whyNot(results)).toBeUndefined();
});
