// The training room of the demo site, built, in a real Chromium: runs, files, losses of devices, and what stays smooth meanwhile.
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const can = canRunPages();
/** A network that learns in a second. */
const quick = "#/train?layers=c4k5-p2&epochs=2";

const figure = (page: Page, name: string): Promise<string> =>
  page.locator(".readout div", { has: page.getByText(name, { exact: true }) }).locator("dd").innerText();
const state = (page: Page, name: "ready" | "running" | "paused" | "done"): Promise<void> =>
  page.locator(`.readout .${name}`).waitFor({ timeout: 60_000 });
const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();

describe.skipIf(!can)("Train in the page", () => {
  test("wasm: the loss falls, digits are read, the page stays smooth, and a seed means one run", async () => {
    const { page, trouble, open, barriers, close } = await visit();
    await open(quick);
    await state(page, "ready");
    await page.evaluate(() => {
      const seen = globalThis as unknown as { longest: number };
      seen.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
      }).observe({ type: "longtask" });
    });
    await press(page, "Train");
    await state(page, "done");
    expect(await page.evaluate(() => (globalThis as unknown as { longest: number }).longest)).toBe(0);
    const [loss, read] = [await figure(page, "Loss"), await figure(page, "Read")];
    expect(Number(loss)).toBeLessThan(1);
    expect(Number.parseFloat(read)).toBeGreaterThan(90);
    expect(await figure(page, "Epoch")).toBe("2 / 2");
    expect(await barriers()).toEqual([]);
    // Again, this time with a step, and a pause on the way.
    await press(page, "Start over");
    await state(page, "ready");
    await press(page, "One step");
    await state(page, "paused");
    expect(await figure(page, "Step")).toBe("1");
    await press(page, "Train on");
    await state(page, "running");
    await press(page, "Pause");
    await state(page, "paused");
    await press(page, "Train on");
    await state(page, "done");
    expect([await figure(page, "Loss"), await figure(page, "Read")]).toEqual([loss, read]);
    expect(trouble).toEqual([]);
    await close();
  });

  test("WebGPU: it learns, and goes on when its device is lost", async () => {
    const { page, trouble, open, close } = await visit({ webgpu: true });
    await open("#/train?layers=c4k5-p2&epochs=1&batch=64");
    await state(page, "ready");
    const worker = page.workers().find((one) => one.url().includes("worker"))!;
    await worker.evaluate(() => {
      const ask = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...given) {
        const device = await ask.apply(this, given);
        (globalThis as unknown as { last: GPUDevice }).last = device;
        return device;
      };
    });
    await press(page, "webgpu");
    await expect.poll(() => page.getByRole("button", { name: "webgpu" }).getAttribute("aria-pressed"), { timeout: 30_000 }).toBe("true");
    await press(page, "Train");
    await expect.poll(() => figure(page, "Step"), { timeout: 30_000 }).not.toBe("0");
    await worker.evaluate(() => (globalThis as unknown as { last: GPUDevice }).last.destroy());
    await page.getByText(/The webgpu device was lost \(destroyed.*goes on from its copy of step \d+/).waitFor();
    await state(page, "done");
    expect(await page.getByRole("button", { name: "webgpu" }).getAttribute("aria-pressed")).toBe("true");
    expect(Number(await figure(page, "Loss"))).toBeLessThan(2);
    expect(Number.parseFloat(await figure(page, "Read"))).toBeGreaterThan(50);
    expect(trouble).toEqual([]);
    await close();
  });
});
