import type { MapStep, Spec } from "@tatamijs/core/backend";
import { expect, test } from "vitest";
import { applyOp, type Value } from "../testing/apply.ts";
import { hoisted } from "./hoist.ts";
import { elementwise } from "./machine.ts";

/** y = x · g/√(v + e) + g, where only the product and the last sum have the size of x. */
const steps = [
  { op: "binary", attrs: { fn: "add" }, inputs: [1, 3] },
  { op: "unary", attrs: { fn: "sqrt" }, inputs: [4] },
  { op: "binary", attrs: { fn: "div" }, inputs: [2, 5] },
  { op: "binary", attrs: { fn: "mul" }, inputs: [0, 6] },
  { op: "binary", attrs: { fn: "add" }, inputs: [7, 2] },
] as const satisfies MapStep[];

const value = (shape: number[], start: number): Value => ({
  shape,
  dtype: "f32",
  data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => start + Math.fround(Math.sin(i) / 3)),
});

const [x, v, g, e] = [value([2, 700, 3], 1), value([1, 1, 3], 2), value([1, 1, 3], -1), value([1, 1, 1], 0.5)];

test("small values are worked out once, and give the same bits", async () => {
  const got = await applyOp("map", { steps }, [x, v, g, e], x);
  const f = Math.fround;
  const scale = [0, 1, 2].map((c) => f(g.data[c]! / f(Math.sqrt(f(v.data[c]! + e.data[0]!)))));
  expect([...got]).toEqual([...x.data].map((z, i) => f(f(z * scale[i % 3]!) + g.data[i % 3]!)));
  const sums = await applyOp("mapReduce", { steps, fn: "sum", axes: [0, 1] }, [x, v, g, e], v);
  for (const c of [0, 1, 2]) {
    expect(sums[c]).toBeCloseTo(
      [...got].filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0),
      2,
    );
  }
});

test("the chain that is left loads what it reads, and keeps its claim to work in place", () => {
  const chains: { inputs: readonly Spec[]; ops: number }[] = [];
  const kernel = hoisted([x, v, g, e], steps, (inputs, left) => {
    chains.push({ inputs, ops: left.ops.length });
    return elementwise(inputs, x, left.ops, left.result);
  });
  expect(chains.map(({ inputs, ops }) => [inputs.map((spec) => spec.shape), ops])).toEqual([
    [[x.shape, g.shape, [1, 1, 3]], 2],
  ]);
  expect(kernel).toMatchObject({ inPlace: [0], scratch: 64 });
});
