import type { OpName } from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import { conformance } from "../conformance.ts";
import type { Result } from "../result.ts";
import { brokenBackends } from "./broken.ts";
import { reference, type ReferenceOptions } from "./reference.ts";

describe("every broken backend is caught", () => {
  test.each(brokenBackends)("$name", async ({ ops, open }) => {
    let caught: Result | undefined;
    for await (const result of conformance(open, { ops })) {
      if (result.status !== "fail") continue;
      caught = result;
      break;
    }
    expect(caught?.reason).toBeTypeOf("string");
  });

  test("a backend that does not open is a failure, not a silence", async () => {
    const results: Result[] = [];
    for await (const result of conformance(() => Promise.reject(new Error("no adapter")))) results.push(result);
    expect(results).toEqual([
      { id: "backend/open", op: "backend", check: "open", status: "fail", reason: "did not open: no adapter" },
    ]);
  });
});

describe("the reference backend passes", () => {
  test.each<readonly [string, ReferenceOptions, readonly OpName[] | undefined, number]>([
    ["everything", {}, undefined, 6000],
    ["unpadded", { padded: false }, ["reshape", "detach", "slice", "pool2d"], 200],
    ["each value in a memory of its own", { sharesBlock: false }, ["concat", "select", "linear", "convBlock"], 300],
    ["with packed operands", { packs: true }, ["matmul", "conv2dInputGrad"], 500],
    ["with every composite opened", { composites: false }, ["softmax", "batchNorm", "map", "crossEntropy"], 300],
  ])("%s", async (_, options, ops, least) => {
    const bad: Result[] = [];
    let passed = 0;
    for await (const result of conformance(() => reference(options), { ops })) {
      if (result.status === "pass") passed++;
      else bad.push(result);
    }
    expect(bad).toEqual([]);
    expect(passed).toBeGreaterThan(least);
  });
});
