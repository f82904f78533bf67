// The process that speaks to the GPU ends while a page trains: `fit` goes on on a new device, to the same bits.
import { expect, test } from "vitest";
import { canRunPages, crashGpu, runInPage } from "./support/page.ts";

const main = `
  import { adamw, fit, nn, openSession } from "tatamijs";
  import { cpu } from "@tatamijs/backend-cpu";
  const data = {
    inputs: { data: Float32Array.from({ length: 40 * 16 }, (_, i) => Math.sin(i * i)), shape: [40, 1, 4, 4] },
    targets: { data: Int32Array.from({ length: 40 }, (_, i) => i % 3), shape: [40] },
  };
  let devices = 0;
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = function (...given) { devices++; return request.apply(this, given); };
  const trained = async (crash) => {
    nn.manualSeed(5);
    const model = nn.sequential(nn.conv2d(1, 4, 3), nn.relu(), nn.flatten(), nn.linear(16, 3));
    const options = { loss: nn.crossEntropy, optimizer: adamw({ lr: 0.01 }), epochs: 4, batchSize: 8, keepEvery: 3 };
    const losses = [];
    for await (const { loss } of fit(model, data, { ...options, backend: ["webgpu", "cpu"] })) {
      losses.push(loss);
      if (losses.length === crash) await ask("crash");
    }
    const session = openSession(cpu());
    const states = await Promise.all(Object.values(model.state).map((said) => session.read(said)));
    return { losses, weights: states.flatMap((values) => Array.from(values)) };
  };
  const undisturbed = await trained();
  const before = devices;
  const disturbed = await trained(2);
  report({ undisturbed, disturbed, before, devices });
`;

test.skipIf(!canRunPages())("a GPU process that ends in training", async () => {
  const got = (await runInPage({ main }, { asked: crashGpu })) as {
    readonly undisturbed: { readonly losses: readonly number[]; readonly weights: readonly number[] };
    readonly disturbed: unknown;
    readonly before: number;
    readonly devices: number;
  };
  expect(got.undisturbed.losses).toHaveLength(4);
  expect(got.undisturbed.weights).toHaveLength(40 + 51);
  expect(got.disturbed).toEqual(got.undisturbed);
  // One for each training, and one after the crash.
  expect([got.before, got.devices]).toEqual([1, 3]);
});
