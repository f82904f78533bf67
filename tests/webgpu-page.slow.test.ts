// `pnpm test:all`: the whole kit on Chromium's SwiftShader, in a page and in a worker.
import { expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { webgpuInPage } from "./support/webgpu-page.ts";

test.skipIf(!canRunPages()).each([{ worker: false }, { worker: true }])("%o", async ({ worker }) => {
  const { info, passed, failures } = await webgpuInPage(worker, true);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(3000);
  expect(info.messages).toEqual([]);
});
