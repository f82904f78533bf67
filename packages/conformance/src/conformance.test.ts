import { contractVersion } from "@tatamijs/core/backend";
import { expect, test } from "vitest";
import { checkedContract, chosen, conformance, contractProblem } from "./conformance.ts";
import { reference } from "./testing/reference.ts";
import type { Result } from "./result.ts";

test("the contract's major version must be the kit's", () => {
  expect(contractProblem()).toBeUndefined();
  expect(contractProblem("1.7", "1.0")).toBeUndefined();
  expect(contractProblem("2.0", "1.7")).toBe(
    "this kit checks contract 1.7, the core beside it has 2.0; install the kit of that version",
  );
  expect(contractVersion.split(".")[0]).toBe(checkedContract.split(".")[0]);
});

test("cases, laws and calls are found by their id", () => {
  for (const id of [
    "conv2d/golden/taps-in-order",
    "law/matmul/associative",
    "call/conv2d/seed-7-3-p0-s1",
    "throws/conv2d/seed-7-3-p0-s3",
    "random/1/2/pool2d",
  ]) {
    expect([...chosen({ id })].map((item) => item.id)).toEqual([id]);
  }
  expect(() => [...chosen({ id: "conv2d/nothing" })]).toThrow("there is no case conv2d/nothing");
});

test("random cases are the same for a seed, whichever ops are asked for together", () => {
  const ids = (seed: number): string[] => [...chosen({ random: 50, seed })].map(({ id }) => id);
  expect(ids(4)).toEqual(ids(4));
  expect(ids(4)).not.toEqual(ids(5));
  expect([...chosen({ random: 9, ops: ["cast"] })].every(({ op }) => op === "cast")).toBe(true);
});

test("the backend is closed at the end, even when one stops early", async () => {
  let closed = 0;
  const open = (): ReturnType<typeof reference> => ({
    ...reference(),
    close: async () => {
      closed++;
    },
  });
  for await (const result of conformance(open, { ops: ["detach"] })) {
    expect(result.status).toBe("pass");
    break;
  }
  expect(closed).toBe(1);
});

test("gradients can be left out", async () => {
  const seen: Result[] = [];
  for await (const result of conformance(() => reference(), { ops: ["softmax"], gradients: false })) seen.push(result);
  expect(seen.length).toBeGreaterThan(50);
  expect(seen.filter(({ check }) => check.startsWith("gradient"))).toEqual([]);
});
