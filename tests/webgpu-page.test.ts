// The WebGPU backend in a real page and in a worker: about a hundred cases of the kit each, on Chromium's SwiftShader.
import { expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { webgpuInPage } from "./support/webgpu-page.ts";

test.skipIf(!canRunPages()).each([
  { where: "a page", worker: false },
  { where: "a worker", worker: true },
])("in $where", async ({ worker }) => {
  const { info, passed, failures } = await webgpuInPage(worker);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(100);
  expect(info).toMatchObject({ fallback: true, messages: [] });
});
