// `pnpm test:all`: the whole kit in pages, isolated and not, in a worker and in the page's own thread, on every build.
import { expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { wasmInPage } from "./support/wasm-page.ts";

const columns = (["relaxed", "simd"] as const).flatMap((build) =>
  [
    { isolated: true, threads: 1, worker: true },
    { isolated: true, threads: 2, worker: true },
    { isolated: true, threads: 3, worker: false },
    { isolated: false, threads: 2, worker: true },
    { isolated: false, threads: 1, worker: false },
  ].flatMap((where) => (["fast", "strict"] as const).map((precision) => ({ build, precision, ...where }))),
);

test.skipIf(!canRunPages()).each(columns)("%o", async ({ isolated, ...options }) => {
  const { info, kit } = await wasmInPage(options, isolated, true);
  expect(info).toMatchObject({ threads: isolated ? options.threads : 1, worker: options.worker });
  expect(kit.failures).toEqual([]);
  expect(kit.passed).toBeGreaterThan(7000);
});
