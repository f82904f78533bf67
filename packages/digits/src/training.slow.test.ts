import { cpu } from "@tatamijs/backend-cpu";
import { webgpu } from "@tatamijs/backend-webgpu";
import { expect, test } from "vitest";
import { apart, trainedOn } from "./testing/run.ts";

test.each(["direct", "gpu"] as const)("webgpu, %s tiles, trains as the CPU does for 100 steps", async (profile) => {
  const backend = await webgpu({ profile });
  const [got, wanted] = [await trainedOn(backend, 100), await trainedOn(cpu(), 100)];
  await backend.close();
  expect(apart(got.losses, wanted.losses)).toBeLessThan(1e-4);
  expect(got.accuracy).toBe(wanted.accuracy);
  expect(got.accuracy).toBeGreaterThan(0.9);
});
