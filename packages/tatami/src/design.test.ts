// The code that users write, as the design page has it: it runs as written.
import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adamw, compile, constant, conv2d, crossEntropy, evaluate, fit, load, nn, open, relu, save } from "./index.ts";

const wave = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i));

test("functions; a graph, no memory; one tensor now", async () => {
  const [x, w, b] = [
    constant(wave(2 * 3 * 5 * 5), [2, 3, 5, 5]),
    constant(wave(4 * 27), [4, 3, 3, 3]),
    constant(wave(4)),
  ];
  const y = relu(conv2d(x, w, { bias: b, padding: 1 }));
  const { data, shape } = await evaluate(y);
  expect(shape).toEqual([2, 4, 5, 5]);
  expect(data).toHaveLength(200);
  expect(Math.min(...data)).toBe(0);
});

test("open, load, compile, predict, fit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tatami-"));
  try {
    const file = join(folder, "digits.safetensors");
    nn.manualSeed(1);
    const lenet = (): nn.Module =>
      nn.sequential(nn.conv2d(1, 8, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.linear(1152, 10));
    await save(lenet(), file);
    const pixels = wave(32 * 784);
    const digits = {
      inputs: constant(wave(64 * 784), [64, 1, 28, 28]),
      targets: constant(Int32Array.from({ length: 64 }, (_, i) => i % 10)),
    };
    const { signal } = new AbortController();

    const backend = await open("auto");
    const model = lenet();
    await load(model, file);
    const predict = await compile(model, { input: [32, 1, 28, 28], backend });
    const scores = await predict(pixels);
    const losses: number[] = [];
    for await (const { epoch, loss } of fit(model, digits, {
      loss: crossEntropy,
      optimizer: adamw(),
      epochs: 3,
      backend,
      signal,
    })) {
      expect(epoch).toBe(losses.length + 1);
      losses.push(loss);
    }

    expect(scores.shape).toEqual([32, 10]);
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0]!);
    // What was compiled before sees what was learned since.
    expect((await predict(pixels)).data).not.toEqual(scores.data);
    await load(model, file);
    expect((await predict(pixels)).data).toEqual(scores.data);
  } finally {
    await rm(folder, { recursive: true });
  }
});
