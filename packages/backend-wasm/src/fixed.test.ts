/** One row times weights: in panels where they stay, where they lie where they change. */
import { input, matmul, mul, state, type Tensor } from "@tatamijs/core";
import { compile, openSession, print } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { wasm } from "./index.ts";

const [depth, columns] = [37, 70];
const x = Float32Array.from({ length: depth }, (_, k) => (k % 7) - 3);
const w = Float32Array.from({ length: depth * columns }, (_, k) => (k % 5) - 2);
const wanted = Float32Array.from({ length: columns }, (_, n) =>
  x.reduce((sum, value, k) => sum + value * w[k * columns + n]!, 0),
);

async function ran(b: Tensor, fed: readonly Float32Array[], updates: readonly (readonly [Tensor, Tensor])[] = []) {
  const a = input([1, depth]);
  const backend = await wasm({ threads: 1 });
  const inputs = b.op.leaf === "input" ? [a, b] : [a];
  const program = await compile({ inputs, outputs: [matmul(a, b)], updates }, openSession(backend));
  const text = print(program);
  const [y] = await program.run([x, ...fed]);
  await backend.close();
  return { text, y: y!.data };
}

test("weights that stay are read in panels", async () => {
  const { text, y } = await ran(state(w, [depth, columns], "w"), []);
  expect(text).toContain("sum of panels");
  expect(y).toEqual(wanted);
});

test("weights that are given or trained are read where they lie", async () => {
  const given = await ran(input([depth, columns]), [w]);
  expect(given.text).not.toContain("sum of panels");
  expect(given.y).toEqual(wanted);
  const weights = state(w, [depth, columns], "w");
  const trained = await ran(weights, [], [[weights, mul(weights, 0.5)]]);
  expect(trained.text).not.toContain("sum of panels");
  expect(trained.y).toEqual(wanted);
});
