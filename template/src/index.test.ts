// The kit on a backend that declines most: nothing may fail, and what it has kernels for must pass. A backend that has
// most kernels needs one line instead, and then every case is a test of its own:
//
//     import { conformance } from "@tatamijs/conformance/vitest";
//     conformance(() => template());
import { conformance, markdown, report, type Result } from "@tatamijs/conformance";
import { describe, expect, test } from "vitest";
import { template } from "./index.ts";

describe("conformance", async () => {
  const results: Result[] = [];
  for await (const result of conformance(() => template())) results.push(result);
  const made = report(template(), results);

  test("nothing fails", () => {
    expect(results.filter(({ status }) => status === "fail")).toEqual([]);
  });

  test("what it has kernels for runs, in place and in flight", () => {
    const passed = results.filter(({ status }) => status === "pass");
    for (const op of ["unary", "binary", "matmul"]) {
      const checks = new Set(passed.filter((one) => one.op === op).map(({ check }) => check));
      expect([...checks], op).toEqual(
        expect.arrayContaining(["value", "in flight", ...(op === "matmul" ? ["gradient"] : ["in place"])]),
      );
    }
  });

  test("the rest is declined with a reason", () => {
    expect(made.counts.declined).toBeGreaterThan(1000);
    expect(markdown(made)).toContain("- conv2d: no kernel for conv2d (");
    expect(markdown(made)).toContain("- matmul: batches of matrices are not here yet (");
  });
});
