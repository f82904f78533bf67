// The WASM backend in a real page: in a worker unless told otherwise, with threads where memory can be shared.
import { expect, test } from "vitest";
import { canRunPages, runInPage } from "./support/page.ts";
import { wasmInPage, type Got } from "./support/wasm-page.ts";

test.skipIf(!canRunPages())("an isolated page gets a worker and threads", async () => {
  const { info, variant, kit } = await wasmInPage({ threads: 2 }, true);
  expect(info).toMatchObject({ threads: 2, worker: true, notes: [] });
  expect(variant).toMatch(/2 threads, in a worker$/);
  expect(kit.failures).toEqual([]);
  expect(kit.passed).toBeGreaterThan(100);
});

test.skipIf(!canRunPages())("a page that is not isolated gets one thread, and is told so once", async () => {
  const { info, kit } = await wasmInPage({ threads: 2 }, false);
  expect(info).toMatchObject({ threads: 1, worker: true });
  expect(info.notes).toEqual([expect.stringContaining("one thread: memory cannot be shared here")]);
  expect(kit.failures).toEqual([]);
});

test.skipIf(!canRunPages())("in the page's own thread, which may not sleep, threads work too", async () => {
  const { info, kit } = await wasmInPage({ threads: 2, worker: false }, true);
  expect(info).toMatchObject({ threads: 2, worker: false, notes: [] });
  expect(kit.failures).toEqual([]);
});

test.skipIf(!canRunPages())("a worker that cannot be loaded is done without, and why is told", async () => {
  const main = `
    import { wasm } from "@tatamijs/backend-wasm";
    const Real = Worker;
    globalThis.Worker = class extends Real { constructor(url, options) { super("/nowhere.js", options); } };
    const missing = await wasm({ threads: 1 });
    globalThis.Worker = class { constructor() { throw new Error("not here"); } };
    const refused = await wasm({ threads: 1 });
    report([missing.info, refused.info]);
  `;
  const [missing, refused] = (await runInPage({ main }, {})) as Got["info"][];
  expect(missing).toMatchObject({ worker: false, notes: [expect.stringContaining("no worker: ")] });
  expect(refused).toMatchObject({ worker: false, notes: [expect.stringMatching(/no worker: .*not here/)] });
});

test.skipIf(!canRunPages())("a page is not blocked by a run", async () => {
  const main = `
    import { wasm } from "@tatamijs/backend-wasm";
    import { compile, openSession } from "@tatamijs/engine";
    import { conv2d, input, state } from "tatamijs";
    const x = input([1, 64, 112, 112]);
    const layer = (y, name) => conv2d(y, state(new Float32Array(64 * 64 * 25).fill(1e-4), [64, 64, 5, 5], name), { padding: 2 });
    const longest = async (worker) => {
      const session = openSession(await wasm({ worker }));
      const program = await compile({ inputs: [x], outputs: [layer(layer(layer(x, "a"), "b"), "c")] }, session);
      const image = new Float32Array(64 * 112 * 112);
      await program.run([image]);
      let last = performance.now();
      let gap = 0;
      const timer = setInterval(() => { const now = performance.now(); gap = Math.max(gap, now - last); last = now; }, 1);
      const start = performance.now();
      await program.run([image]);
      const time = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 20));
      clearInterval(timer);
      return { gap, time };
    };
    report([await longest(true), await longest(false)]);
  `;
  const [apart, here] = (await runInPage({ main }, { isolated: true })) as { gap: number; time: number }[];
  // The kernels of one run take as long here as there, and only here does the page wait for all of it.
  expect(here!.gap).toBeGreaterThan(here!.time * 0.6);
  expect(apart!.gap).toBeLessThan(apart!.time * 0.5);
});
