/** Nodes: types that carry shapes, the line that made a node, limits, and graphs of any depth. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, expectTypeOf, test } from "vitest";
import { evaluate, gradients, list } from "../testing.ts";
import * as t from "./index.ts";
import type { Tensor } from "./index.ts";

describe("types", () => {
  test("literal shapes are inferred and kept", () => {
    expectTypeOf(t.constant([1, 2, 3, 4, 5, 6], [2, 3])).toEqualTypeOf<Tensor<readonly [2, 3]>>();
    expectTypeOf(t.input([1, 28, 28]).shape).toEqualTypeOf<readonly [1, 28, 28]>();
    expectTypeOf(t.relu(t.zeros([2, 3]))).toEqualTypeOf<Tensor<readonly [2, 3]>>();
    expectTypeOf(t.reshape(t.input([6]), [2, 3])).toEqualTypeOf<Tensor<readonly [2, 3]>>();
    expectTypeOf(t.reshape(t.input([6]), [2, -1]).shape).toEqualTypeOf<readonly [2, 3]>();
    expectTypeOf(t.constant([1, 2])).toEqualTypeOf<Tensor>();
    expectTypeOf(t.state(new Float32Array(6), [2, 3], "w")).toEqualTypeOf<Tensor<readonly [2, 3]>>();
  });

  test("a plain Tensor opts out both ways, without casts", () => {
    let y: Tensor = t.reshape(t.input([6]), [2, 3]);
    y = t.relu(y);
    y = t.add(y, t.zeros([2, 3]));
    y = t.softmax(y);
    const shape: number[] = [3, 2];
    const z: Tensor = t.reshape(y, shape);
    const f = (x: Tensor): Tensor => t.silu(t.gelu(x));
    expect(f(z).shape).toEqual([3, 2]);
    const all: Tensor[] = [t.zeros([1]), t.ones([2, 2]), y];
    expect(all.map((x) => x.shape.length)).toEqual([1, 2, 2]);
    const layer: t.Layer = { state: { weight: t.state([1], [1]) }, forward: (x) => t.mul(x, 2) };
    expect(layer.state["weight"]!.shape).toEqual([1]);
  });
});

describe("the line that made a node", () => {
  test("is the test's own, through composites and image functions too", () => {
    const here = (y: Tensor): string => t.siteLine(y) ?? "";
    expect(here(t.relu(t.input([2])))).toMatch(/tensor\.test\.ts:\d+:\d+/);
    expect(here(t.conv2d(t.input([1, 3, 3]), t.input([1, 1, 2, 2])))).toMatch(/tensor\.test\.ts/);
    expect(here(t.crossEntropy(t.input([2, 3]), t.input([2], "i32")))).toMatch(/tensor\.test\.ts/);
    const inner = t.expansion(t.softmax(t.input([2, 3])));
    expect(here(inner)).toMatch(/tensor\.test\.ts/);
    const made = [1].map(() => t.relu(t.input([2])))[0]!;
    expect(here(made)).toMatch(/tensor\.test\.ts/);
    expect(t.siteLine(t.node(t.primitives.detach, [made], {}, { site: undefined }))).toBeUndefined();
    expect(t.siteLine(t.node(t.primitives.detach, [made], {}, { site: made.site }))).toBe(here(made));
  });

  test("is a user's, also where the user's folders are called as tatami's are", () => {
    const folder = mkdtempSync(join(tmpdir(), "tatami-site-"));
    try {
      const core = fileURLToPath(new URL("index.ts", import.meta.url));
      const program = join(folder, "program.mjs");
      writeFileSync(
        program,
        `import { relu, input, siteLine } from ${JSON.stringify(core)};\n\nfunction build() {\n  return relu(input([2]));\n}\nconsole.log(siteLine([0].map(build)[0]));\n`,
      );
      const [runtime] = [process.execPath];
      const line = execFileSync(runtime, [program], { encoding: "utf8" }).trim();
      expect(line).toMatch(/^(build|Array\.build)? ?.*program\.mjs:4:10\)?$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("limits", () => {
  test("a result of more than 2³¹ − 1 elements is refused", () => {
    expect(() => t.add(t.input([70000, 1]), t.input([1, 70000]))).toThrow(/add|binary/);
    expect(() => t.pad(t.input([2]), [[2 ** 31, 0]])).toThrow(t.TatamiError);
    expect(() => t.broadcast(t.input([1]), [2 ** 16, 2 ** 16])).toThrow("at most");
    expect(() => t.matmul(t.input([70000, 1]), t.input([1, 70000]))).toThrow("at most");
    expect(() => t.concat([t.input([2 ** 30]), t.input([2 ** 30])])).toThrow("at most");
  });
  test("constants hold NaN, ∞ and −0, beside tensors too", () => {
    const values = [NaN, Infinity, -Infinity, -0];
    expect(list(evaluate(t.copy(t.constant(values))))).toEqual(values);
    expect(list(evaluate(t.mul(t.constant([2]), NaN)))).toEqual([NaN]);
    expect(list(evaluate(t.div(t.constant([1, -1]), -0)))).toEqual([-Infinity, Infinity]);
    expect(list(evaluate(t.minimum(t.constant([2], [1], "i32"), Infinity)))).toEqual([2]);
    expect(list(evaluate(t.full([2], NaN)))).toEqual([NaN, NaN]);
  });
  test("attrs never hold −0, which JSON does not keep", () => {
    const attrs = (y: Tensor): string =>
      JSON.stringify(y.attrs, (_, v: unknown) => (Object.is(v, -0) ? "minus zero" : v));
    expect(attrs(t.pad(t.input([2]), [[-0, 1]], { value: -0 }))).not.toContain("minus");
    expect(attrs(t.sum(t.input([2, 2]), { axis: -0, keepDims: true }))).not.toContain("minus");
    expect(attrs(t.transpose(t.input([2, 2]), [1, -0]))).not.toContain("minus");
    expect(attrs(t.slice(t.input([3]), { start: [-0], end: [2] }))).not.toContain("minus");
    expect(attrs(t.broadcast(t.input([1]), [-0]))).not.toContain("minus");
    expect(
      attrs(t.conv2d(t.input([1, 3, 3]), t.input([1, 1, 2, 2]), { padding: -0 }).inputs[0]!.inputs[0]!),
    ).not.toContain("minus");
  });
});

test("graphs of any depth are made and differentiated without recursion", () => {
  const x = t.constant([1]);
  let y: Tensor = x;
  for (let i = 0; i < 20_000; i++) y = t.add(y, 0.5);
  for (let i = 0; i < 20_000; i++) y = t.reshape(y, y.shape.length === 1 ? [1, 1] : [1]);
  expect(list(evaluate(y))).toEqual([10_001]);
  const [dx] = gradients(y, t.ones(y.shape), [x]);
  expect(list(evaluate(dx!))).toEqual([1]);
  expect(t.siteLine(y)).toContain("tensor.test");
});

test("first values that wait are asked for once, and held to the shape that was said", () => {
  let asked = 0;
  const later = t.state(() => Float32Array.of(++asked, 2), [2], "w");
  expect(later).toMatchObject({ shape: [2], dtype: "f32", attrs: { name: "w" } });
  expect(asked).toBe(0);
  expect([...later.data!]).toEqual([1, 2]);
  expect([...later.data!]).toEqual([1, 2]);
  expect(() => t.state(() => new Float32Array(3), [2]).data).toThrow("3 values for shape [2], which holds 2");
  expect(() => t.state(() => new Float32Array(3))).toThrow("state: the result is undefined");
});
