/** What is called in one turn is one submit. */
import { add, input, mul } from "@tatamijs/core";
import { compile, openSession } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { values } from "./testing/scenarios.ts";
import { webgpu } from "./webgpu.ts";

test("a run and the reads of its outputs are one submit, whatever is in flight", async () => {
  const backend = await webgpu();
  const session = openSession(backend);
  const x = input([4, 8]);
  const program = await compile({ inputs: [x], outputs: [add(x, x), mul(x, x)] }, session);
  const given = values(32, 1);
  const submitsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = backend.info.submits;
    await work();
    return backend.info.submits - before;
  };
  // Buffers to read from that are new have a submit of their own.
  await Promise.all(Array.from({ length: 4 }, () => program.run([given])));
  expect(await submitsOf(() => program.run([given]))).toBe(1);
  const [sum, product] = await program.run([given]);
  expect(sum!.data).toEqual(given.map((v) => v + v));
  expect(product!.data).toEqual(given.map((v) => v * v));

  const one = async (k: number): Promise<void> => {
    const [twice] = await program.run([given.map((v) => v + k)]);
    expect(twice!.data[0]).toBe(2 * Math.fround(given[0]! + k));
  };
  // A write must not overtake what was run before it: each run ends the one before.
  expect(await submitsOf(() => Promise.all([one(1), one(2)]))).toBe(2);
  await backend.close();
});
