/** A GPU that is lost while it trains: `fit` goes on by itself, and ends where it would have ended. */
import { cpu } from "@tatamijs/backend-cpu";
import * as gpu from "@tatamijs/backend-webgpu";
import { openSession } from "@tatamijs/engine";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { adamw, fit, nn, type BackendChoice } from "./index.ts";
import { backendAfter } from "./sessions.ts";
import { rejected } from "./testing/rejected.ts";

vi.mock("@tatamijs/backend-webgpu", { spy: true });
// Known answers have a test of their own, and cost pipelines on each of these devices.
vi.mock("./probe.ts", () => ({ probe: async () => {} }));

// Each test begins long after the losses of the one before.
const real = performance.now.bind(performance);
let later = 0;
beforeEach(() => {
  later += 100_000;
  vi.spyOn(performance, "now").mockImplementation(() => real() + later);
});

// What is alive would be used again by the next test.
const made: gpu.WebGpuBackend[] = [];
afterEach(endAll);

async function endAll(): Promise<void> {
  for (const { device, lost } of made.splice(0)) {
    device.destroy();
    await lost;
  }
}

/** GPUs whose devices are destroyed after so many runs of programs, one after the other; those after them live on. */
function lives(...runs: number[]): () => number {
  let opened = 0;
  vi.mocked(gpu.webgpu).mockImplementation(async (options) => {
    const { webgpu } = await vi.importActual<typeof gpu>("@tatamijs/backend-webgpu");
    const backend = await webgpu({ ...options, fallback: true });
    made.push(backend);
    let left = runs[opened++] ?? Infinity;
    const { link } = backend;
    backend.link = async (steps) => {
      const linked = await link(steps);
      return {
        close: () => linked.close(),
        run() {
          linked.run();
          if (--left === 0) backend.device.destroy();
        },
      };
    };
    return backend;
  });
  return () => opened;
}

const data = {
  inputs: { data: Float32Array.from({ length: 40 * 16 }, (_, i) => Math.sin(i * i)), shape: [40, 1, 4, 4] },
  targets: { data: Int32Array.from({ length: 40 }, (_, i) => i % 3), shape: [40] },
} as const;

interface Trained {
  readonly losses: readonly number[];
  readonly weights: readonly number[];
}

/** Ten steps, of which the host has a copy at every second. */
async function trained(backend: BackendChoice): Promise<Trained> {
  nn.manualSeed(5);
  const model = nn.sequential(nn.conv2d(1, 4, 3), nn.relu(), nn.flatten(), nn.linear(16, 3));
  const options = { loss: nn.crossEntropy, optimizer: adamw({ lr: 0.01 }), epochs: 2, batchSize: 8, keepEvery: 2 };
  const losses: number[] = [];
  for await (const { loss } of fit(model, data, { ...options, backend })) losses.push(loss);
  // What was learned is what the model starts from in a session to come.
  const session = openSession(cpu());
  const states = await Promise.all(Object.values(model.state).map((said) => session.read(said)));
  return { losses, weights: states.flatMap((values) => Array.from(values)) };
}

let undisturbed: Promise<Trained> | undefined;
async function wanted(): Promise<Trained> {
  lives();
  undisturbed ??= trained(["webgpu"]);
  const expected = await undisturbed;
  await endAll();
  return expected;
}

test("lost twice, it goes on on the same adapter, to the same bits", async () => {
  const expected = await wanted();
  expect(expected.weights).toHaveLength(40 + 51);
  const opened = lives(4, 3);
  expect(await trained(["webgpu", "cpu"])).toEqual(expected);
  expect(opened()).toBe(3);
});

test("lost a third time within a minute, it moves to the next backend of the list, to within 1e-4", async () => {
  const expected = await wanted();
  const opened = lives(4, 3, 3);
  const moved = await trained(["webgpu", "cpu"]);
  expect(opened()).toBe(3);
  expect(moved).not.toEqual(expected);
  moved.weights.forEach((value, k) => expect(Math.abs(value - expected.weights[k]!)).toBeLessThan(1e-4));
  moved.losses.forEach((value, k) => expect(Math.abs(value - expected.losses[k]!)).toBeLessThan(1e-4));
});

test("at the end of the list the loss is reported, with the copy to resume from", async () => {
  lives(4, 3, 3);
  const error = await rejected(trained(["webgpu"]));
  expect(error.code).toBe("device-lost");
  expect(error.details["checkpoint"]).toMatchObject({ step: expect.any(Number) });
});

test("a minute later it may be opened again", async () => {
  // A list with a backend in it is not remembered, so each of these is opened.
  const before = { ...cpu(), name: "another" };
  let now = 0;
  const after = async (time: number): Promise<string | undefined> => {
    now = time;
    return (await backendAfter(cpu(), [before, "cpu"], () => now))?.name;
  };
  expect(await after(0)).toBe("cpu");
  expect(await after(30_000)).toBe("cpu");
  expect(await after(59_000)).toBeUndefined();
  expect(await after(61_000)).toBeUndefined();
  expect(await after(125_000)).toBe("cpu");
});

test("what others open by the same name meanwhile is where training went", async () => {
  const lost = cpu();
  const next = await backendAfter(lost, "cpu");
  expect(next).not.toBe(lost);
  expect(await backendAfter(lost, "cpu")).toBe(next);
});
