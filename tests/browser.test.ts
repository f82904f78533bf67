// tatami in a real browser, in a page and in a worker, bundled from sources: the same numbers as in Node.
import { expect, test } from "vitest";
import { compute } from "./fixtures/compute.ts";
import { canRunPages, runInPage } from "./support/page.ts";

const program = 'import { compute } from "../fixtures/compute.ts";';

test.skipIf(!canRunPages())("a page computes what Node computes", async () => {
  expect(await runInPage({ main: `${program} report(await compute());` })).toEqual(await compute());
});

test.skipIf(!canRunPages())("a worker of the page computes it too", async () => {
  const main = `
    const worker = new Worker("/worker.js", { type: "module" });
    worker.onmessage = (event) => report(event.data);
    worker.onerror = (event) => { throw new Error(event.message); };
  `;
  expect(await runInPage({ main, worker: `${program} postMessage(await compute());` })).toEqual(await compute());
});

test.skipIf(!canRunPages())("the conformance kit passes in a page", async () => {
  const main = 'import { kit } from "../fixtures/kit.ts"; report(await kit());';
  const { passed, failures } = (await runInPage({ main }, { seconds: 200 })) as { passed: number; failures: unknown[] };
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(100);
});

test.skipIf(!canRunPages())("an error in the page is an error of its test", async () => {
  await expect(runInPage({ main: 'throw new Error("from the page")' })).rejects.toThrow("from the page");
});
