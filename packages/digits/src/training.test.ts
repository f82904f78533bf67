import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
import { webgpu } from "@tatamijs/backend-webgpu";
import { expect, test } from "vitest";
import { apart, trainedOn } from "./testing/run.ts";

// Without a GPU webgpu is SwiftShader, which comes with Chromium.
test.each([
  { name: "wasm", open: wasm, steps: 100 },
  { name: "webgpu", open: webgpu, steps: 10 },
])("$name trains as the CPU does for $steps steps", async ({ open, steps }) => {
  const backend = await open();
  const [got, wanted] = [await trainedOn(backend, steps), await trainedOn(cpu(), steps)];
  await backend.close();
  expect(wanted.losses).toHaveLength(steps);
  expect(apart(got.losses, wanted.losses)).toBeLessThan(1e-4);
  expect(got.accuracy).toBe(wanted.accuracy);
});
