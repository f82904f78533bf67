// The WebGPU backend in a real page and in a worker: about a hundred cases of the kit each, on Chromium's SwiftShader.
import { expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { tunedAcrossVisits, webgpuInPage } from "./support/webgpu-page.ts";

test.skipIf(!canRunPages()).each([
  { where: "a page", worker: false },
  { where: "a worker", worker: true },
])("in $where", async ({ worker }) => {
  const { info, passed, failures } = await webgpuInPage(worker);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(100);
  expect(info).toMatchObject({ fallback: true, messages: [] });
});

test.skipIf(!canRunPages())("what a page measured, a worker of its site knows", async () => {
  const { page, worker } = await tunedAcrossVisits();
  expect(page.measured).toBeGreaterThan(0);
  expect(Object.keys(page.tuned)).toHaveLength(1);
  expect(worker).toEqual({ tuned: page.tuned, measured: 0 });
});
