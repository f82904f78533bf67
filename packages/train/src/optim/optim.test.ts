// Optimisers against PyTorch's formulas, written out in float64.
import { constant, mul, state, sub, sum, square, TatamiError, transpose, type Tensor } from "@tatamijs/core";
import { compile, gradients } from "@tatamijs/engine";
import { describe, expect, test } from "vitest";
import { session } from "../testing/toy.ts";
import { adam, adamw } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

const start = [1, -2, 0.5, 3];
const scale = [1, 0.5, -2, 4];
const target = [0.3, 0.1, -1, 2];
/** Gradient of Σ scale·(w − target)². */
const slope = (w: readonly number[]): number[] => w.map((v, i) => 2 * scale[i]! * (v - target[i]!));

/** Weights after so many steps on the device. */
async function after(optimizer: Optimizer, steps: number, lr?: number): Promise<number[]> {
  const w = state(start);
  const loss = sum(mul(constant(scale), square(sub(w, constant(target)))));
  const [grad] = gradients(loss, [w]);
  const on = session();
  const program = await compile({ inputs: [], outputs: [loss], updates: optimizer.step({ w }, { w: grad! }, lr) }, on);
  for (let i = 0; i < steps; i++) await program.step([]);
  return Array.from(await on.read(w));
}

function near(actual: readonly number[], wanted: readonly number[]): void {
  actual.forEach((v, i) =>
    expect(Math.abs(v - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!)), `${v}, wanted ${wanted[i]}`).toBeLessThan(
      2e-6,
    ),
  );
}

describe("sgd", () => {
  test.each([
    [{}],
    [{ weightDecay: 0.1 }],
    [{ momentum: 0.9 }],
    [{ momentum: 0.9, nesterov: true }],
    [{ momentum: 0.5, nesterov: true, weightDecay: 0.01 }],
  ])("%o", async (options: { momentum?: number; nesterov?: boolean; weightDecay?: number }) => {
    const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
    let w = start;
    let buffer: number[] | undefined;
    for (let step = 0; step < 7; step++) {
      const g = slope(w).map((v, i) => v + weightDecay * w[i]!);
      // torch: buf = grad at the first step, then momentum·buf + grad
      buffer = buffer === undefined ? g : buffer.map((b, i) => momentum * b + g[i]!);
      const d = momentum === 0 ? g : nesterov ? g.map((v, i) => v + momentum * buffer![i]!) : buffer;
      w = w.map((v, i) => v - 0.05 * d[i]!);
    }
    near(await after(sgd({ lr: 0.05, ...options }), 7), w);
  });
});

describe("adam and adamw", () => {
  test.each([
    ["adam", adam, 0, {}],
    ["adam", adam, 0, { weightDecay: 0.1, betas: [0.8, 0.95] as [number, number], eps: 1e-3 }],
    ["adam", adam, 0, { betas: [0, 0] as [number, number], eps: 0.1 }],
    ["adamw", adamw, 0.01, {}],
    ["adamw", adamw, 0.01, { weightDecay: 0.5 }],
  ])("%s %#", async (name, make, decay, options: { betas?: [number, number]; eps?: number; weightDecay?: number }) => {
    const { betas: [b1, b2] = [0.9, 0.999], eps = 1e-8, weightDecay = decay } = options;
    let w = start;
    let m = w.map(() => 0);
    let v = w.map(() => 0);
    for (let t = 1; t <= 9; t++) {
      let g = slope(w);
      if (name === "adam") g = g.map((x, i) => x + weightDecay * w[i]!);
      else w = w.map((x) => x * (1 - 0.03 * weightDecay));
      m = m.map((x, i) => b1 * x + (1 - b1) * g[i]!);
      v = v.map((x, i) => b2 * x + (1 - b2) * g[i]! ** 2);
      w = w.map((x, i) => x - ((0.03 / (1 - b1 ** t)) * m[i]!) / (Math.sqrt(v[i]!) / Math.sqrt(1 - b2 ** t) + eps));
    }
    near(await after(make({ lr: 0.03, ...options }), 9), w);
  });

  test("adamw's first step is lr along the sign, and the decay", async () => {
    // 1·(1 − 0.001·0.01) − 0.001 and so on: |m̂|/√v̂ is 1 at the first step.
    near(await after(adamw(), 1), [0.99899, -2 * 0.99999 + 0.001, 0.5 * 0.99999 + 0.001, 3 * 0.99999 - 0.001]);
  });
});

test("slots are made once: two programs share them, and a second fit goes on with them", () => {
  const optimizer = adamw();
  const w = state(start);
  const first = optimizer.slots({ w });
  expect(Object.keys(first)).toEqual(["step", "w.exp_avg", "w.exp_avg_sq"]);
  const again = optimizer.slots({ w });
  for (const name of Object.keys(first)) expect(again[name]).toBe(first[name]);
  const updated = new Set(optimizer.step({ w }, { w }).map(([slot]) => slot));
  expect(updated).toEqual(new Set([w, ...Object.values(first)]));
  expect(adamw().slots({ w })["step"]).not.toBe(first["step"]);
});

test("parameters that come later count their steps from 0, as those of another model do", async () => {
  const optimizer = adam({ lr: 0.1 });
  const on = session();
  const run = async (parameters: Record<string, Tensor>, steps: number): Promise<void> => {
    const updates = optimizer.step(
      parameters,
      Object.fromEntries(Object.keys(parameters).map((name) => [name, constant([1])])),
    );
    const program = await compile({ inputs: [], outputs: [constant([0])], updates }, on);
    for (let i = 0; i < steps; i++) await program.step([]);
  };
  const [first, second] = [state([0]), state([0])];
  await run({ first }, 50);
  await run({ second }, 1);
  // The first step of a parameter is lr, whatever others have done.
  near([...(await on.read(second))], [-0.1]);
  expect(Object.keys(optimizer.slots({ first, second }))).toEqual([
    ...["step", "step.1", "first.exp_avg", "first.exp_avg_sq", "second.exp_avg", "second.exp_avg_sq"],
  ]);
  await run({ first, second }, 1);
  expect([...(await on.read(optimizer.slots({ first, second })["step"]!))]).toEqual([51]);
  expect([...(await on.read(optimizer.slots({ first, second })["step.1"]!))]).toEqual([2]);
});

test("the rate may be another at each step: lr 0 leaves the weights, not the slots", async () => {
  expect(await after(sgd({ momentum: 0.9 }), 3, 0)).toEqual(start);
});

test("wrong options and parameters", () => {
  const w = state([[1, 2]]);
  const wrong: (() => unknown)[] = [
    () => sgd({ lr: -1 }),
    () => sgd({ nesterov: true }),
    () => sgd({ momentum: NaN }),
    () => sgd(null as unknown as undefined),
    () => adam({ betas: [0.9, 1] }),
    () => adam({ betas: 0.9 as unknown as [number, number] }),
    () => adamw({ weightDecay: -1 }),
    () => adamw({ eps: "x" as unknown as number }),
    () => adam({ learningRate: 0.5 } as object),
    () => sgd({ lr: 0.1, Momentum: 0.9 } as object),
    () => sgd().slots({ w: transpose(w) }),
    () => sgd().slots({ w: constant([1]) }),
    () => sgd().slots(3 as unknown as Record<string, Tensor>),
    () => sgd().step({ w }, {}),
  ];
  for (const f of wrong) expect(f, String(f)).toThrow(TatamiError);
  expect(() => adam({ learningRate: 0.5 } as object)).toThrow(
    'adam: "learningRate" is no option; those are lr, betas, eps, weightDecay',
  );
});
