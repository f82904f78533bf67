/** What the plans must not exceed: steps, transpositions, bytes, and bytes on the JS heap. */
import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  add,
  compositeNames,
  constant,
  conv2d,
  crossEntropy,
  flatten,
  input,
  linear,
  maxPool2d,
  mean,
  primitiveNames,
  relu,
  square,
  state,
  sub,
  transpose,
  type Tensor,
} from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import { planFor, staged } from "./compile.ts";
import { rootsOf, topological, type Graph } from "./graph.ts";
import { compile, gradients, openSession, print } from "./index.ts";
import { nullGpu, testBackend } from "./testing/backend.ts";
import { filters, leNet, momentum, norm, residualBlock, values } from "./testing/graphs.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

const opsOf = (graph: Graph): string[] => topological(rootsOf(graph)).map((y) => y.op.name);

test("a convolution, batch norm and relu in training: at most 20 steps, updates included", async () => {
  const x = input([8, 3, 8, 8]);
  const w = filters(16, 3, 3, "w");
  const n = norm(conv2d(x, w, { padding: 1 }), "bn");
  const loss = mean(square(sub(relu(n.y), 0.3)));
  const graph = { inputs: [x], outputs: [loss], updates: [...momentum(loss, [w, ...n.params]), ...n.updates] };
  for (const backend of [testBackend(), nullGpu()]) {
    const plan = await planFor(graph, backend);
    expect(plan.steps.length, print(plan)).toBeLessThanOrEqual(20);
    expect(plan.once.length).toBe(0);
  }
});

test("a residual block in training keeps one transposition", () => {
  const graph = staged(residualBlock(true, 8, 10).graph, testBackend());
  const moved = topological(rootsOf(graph)).filter(
    (y) => y.op.name === "transpose" && y.shape.reduce((a, b) => a * b, 1) >= 2 * 8 * 100,
  );
  expect(moved.length).toBeLessThanOrEqual(1);
});

test("LeNet in training keeps its composites whole", () => {
  const ops = opsOf(staged(leNet(4, true).graph, testBackend()));
  const count = (name: string): number => ops.filter((op) => op === name).length;
  expect(count("convBlock")).toBe(2);
  expect(count("linear")).toBe(1);
  expect(count("crossEntropy")).toBe(1);
  expect(count("conv2d")).toBe(0);
});

/** MobileNetV2's shape: inverted residuals, with plain bias in the place of a folded batch norm. */
function mobileNet(side: number): Graph {
  let seed = 0;
  const block = (x: Tensor, fn: number, k: number, stride: number, groups: number, activate: boolean): Tensor => {
    const w = transpose(
      state(new Float32Array(fn * k * k * (x.shape[1]! / groups)), [fn, k, k, x.shape[1]! / groups], `w${seed++}`),
      [0, 3, 1, 2],
    );
    const y = conv2d(x, w, {
      bias: state(new Float32Array(fn), [fn], `b${seed}`),
      stride,
      padding: (k - 1) / 2,
      groups,
      rounding: "floor",
    });
    return activate ? relu(y) : y;
  };
  const image = input([1, 3, side, side]);
  let x = block(image, 32, 3, 2, 1, true);
  for (const [t, c, n, s] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const) {
    for (let i = 0; i < n; i++) {
      const wide = t === 1 ? x : block(x, x.shape[1]! * t, 1, 1, 1, true);
      const deep = block(wide, wide.shape[1]!, 3, i === 0 ? s : 1, wide.shape[1]!, true);
      const y = block(deep, c, 1, 1, 1, false);
      x = i > 0 && y.shape[1] === x.shape[1] ? add(x, y) : y;
    }
  }
  const features = mean(block(x, 1280, 1, 1, 1, true), { axis: [2, 3] });
  return { inputs: [image], outputs: [linear(features, state(new Float32Array(1280 * 1000), [1000, 1280], "dense"))] };
}

test("MobileNetV2's arena is within 1.15 of the largest live set", async () => {
  for (const inPlace of [true, false]) {
    const plan = await planFor(mobileNet(224), testBackend({ idle: true, alignment: 64, inPlace }));
    expect(plan.peak).toBeLessThanOrEqual(1.15 * plan.live);
    expect(plan.peak).toBeLessThan(plan.naive / 4);
    expect(plan.live).toBeGreaterThan(0);
    expect(print(plan)).toMatch(/temporaries .* \(largest set alive .*, one by one .*\)/);
  }
});

test("the engine names no op", () => {
  const names = new Set<string>([...primitiveNames, ...compositeNames]);
  const folder = new URL(".", import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const code = readFileSync(new URL(file, folder), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const strings = [...code.matchAll(/(["'`])((?:(?!\1).)*)\1/g)].map((m) => m[2]!);
    // The engine's own node is called pack; "input" and "state" are kinds of leaves and codes of errors.
    expect(
      strings.filter((text) => names.has(text)),
      file,
    ).toEqual([]);
  }
});

test("a run allocates nothing on the JS heap", async () => {
  const session = openSession(testBackend({ idle: true }));
  const { graph, runs } = leNet(4, true);
  const program = await compile(graph, session);
  const given = runs[0]!;
  const used = (n: number): number => {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < n; i++)
      if (program.step(given) !== undefined) throw new Error("a synchronous backend is never waited for");
    return process.memoryUsage().heapUsed - before;
  };
  used(20_000); // compiled by now
  // A run that allocated one object of two fields would make 24 bytes × 20,000.
  const least = Math.min(...Array.from({ length: 5 }, () => used(20_000)));
  expect(least).toBeLessThan(20_000 * 8);
  await session.close();
});

describe("programs that are dropped", () => {
  const all = process.env["TATAMI_ALL"] === "1";
  test(`${all ? 10_000 : 1000} compiled and dropped leave memory where it was`, async () => {
    const backend = testBackend();
    const session = openSession(backend);
    const w = state(values(12, 1), [3, 4], "w");
    const round = async (n: number): Promise<void> => {
      for (let i = 0; i < n; i++) {
        const x = input([2, 3]);
        const own = state([i], [1, 1]);
        const program = await compile(
          {
            inputs: [x],
            outputs: [add(linear(x, transpose(w)), mul2(own, constant(new Float32Array(2000).fill(i), [1, 2000])))],
          },
          session,
        );
        if (i % 50 === 0) await program.run([new Float32Array(6)]);
        if (i % 50 === 0) await collected(gc);
      }
    };
    await round(200);
    await settled(gc, () => backend.held() < 100_000);
    const [heap, held] = [process.memoryUsage().heapUsed, backend.held()];
    await round(all ? 10_000 : 1000);
    await settled(gc, () => backend.held() <= held + 1000);
    expect(backend.held()).toBeLessThanOrEqual(held + 1000);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(2_000_000);
    await session.close();
    expect(backend.held()).toBe(0);
  });
});

const mul2 = (a: Tensor, b: Tensor): Tensor => mean(add(a, b), { axis: 1, keepDims: true });

async function collected(gc: () => void): Promise<void> {
  gc();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

async function settled(gc: () => void, done: () => boolean): Promise<void> {
  for (let i = 0; i < 100; i++) {
    await collected(gc);
    if (i > 5 && done()) return;
  }
}

test("what is said is printed", async () => {
  const x = input([1, 1, 4, 4], "f32", "image");
  const w = state(new Float32Array(4).fill(0.5), [1, 1, 2, 2], "w");
  const graph = { inputs: [x], outputs: [relu(conv2d(x, w))] };
  const text = print(graph);
  expect(text).toContain('input "image"');
  expect(text).toContain('state "w"');
  expect(text).toMatch(/budgets\.test\.ts:\d+/);
  const program = await compile(graph, openSession(testBackend()));
  expect(print(program)).toMatch(/^test \(slow and plain\)[\s\S]*convBlock[\s\S]*steps/);
  expect(print(gradients(mean(square(x)), [x])[0]!)).toContain("binary");
  expect(print(maxPool2d(x, 2))).toContain("pool2d");
  expect(crossEntropy(flatten(x), constant([1], [1], "i32")).shape).toEqual([]);
});
