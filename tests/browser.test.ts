// tatami in a real browser page, bundled from sources.
import { conv2d, input } from "@tatamijs/core";
import { expect, test } from "vitest";
import { canRunPages, runInPage } from "./support/page.ts";

test.skipIf(!canRunPages())("core's shapes in a page are those in Node", async () => {
  const main = `
    import { conv2d, input } from "@tatamijs/core";
    report(conv2d(input([1, 1, 7, 7]), input([1, 1, 3, 3]), { stride: 2 }).shape);
  `;
  expect(await runInPage({ main })).toEqual(conv2d(input([1, 1, 7, 7]), input([1, 1, 3, 3]), { stride: 2 }).shape);
});

test.skipIf(!canRunPages())("an error in the page is an error of its test", async () => {
  await expect(runInPage({ main: 'throw new Error("from the page")' })).rejects.toThrow("from the page");
});
