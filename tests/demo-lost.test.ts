// A graphics device that is lost while a room works on it: the room opens another, then another backend, and goes on.
import type { Page, Worker } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const soon = { timeout: 60_000 };
const pressed = (page: Page, name: string): Promise<string | null> =>
  page.getByRole("button", { name, exact: true }).getAttribute("aria-pressed");

interface Watching {
  readonly devices: GPUDevice[];
}

/** Keeps the devices that are opened from now on. Runs in the page or a worker. */
function watch(): void {
  const devices: GPUDevice[] = [];
  Object.assign(globalThis, { devices });
  const ask = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await ask.apply(this, given);
    devices.push(device);
    return device;
  };
}

/** Ends the latest of them, as a driver does that is reset. */
const lose = (where: Page | Worker): Promise<void> =>
  (where as Page).evaluate(() => (globalThis as unknown as Watching).devices.at(-1)!.destroy());
const opened = (where: Page | Worker): Promise<number> =>
  (where as Page).evaluate(() => (globalThis as unknown as Watching).devices.length);

describe.skipIf(!canRunPages())("the device is lost", () => {
  test("Read my writing: on another device first, on wasm when that is lost, too", async () => {
    const { page, trouble, open, close } = await visit({ webgpu: true, locale: "en-US" });
    await page.addInitScript(watch);
    await open("#/read");
    const answer = page.locator(".answer .digit");
    await answer.waitFor();
    const sample = async (digit: string): Promise<void> => {
      await page.getByRole("group", { name: "Samples" }).getByRole("button", { name: digit, exact: true }).click();
      await expect.poll(() => answer.innerText(), soon).toBe(digit);
    };
    await page.getByRole("button", { name: "webgpu" }).click();
    await expect.poll(() => pressed(page, "webgpu"), soon).toBe("true");
    await sample("1");
    const before = await opened(page);
    await lose(page);
    await page.getByText(/The webgpu device was lost \(destroyed.*Reading goes on, on webgpu/).waitFor(soon);
    await expect.poll(() => opened(page), soon).toBe(before + 1);
    await sample("4");
    await lose(page);
    await page.getByText(/Reading goes on, on wasm/).waitFor(soon);
    await sample("2");
    // Who asks for it again gets a new one, and the word about the loss is over.
    await page.getByRole("button", { name: "webgpu" }).click();
    await expect.poll(() => pressed(page, "webgpu"), soon).toBe("true");
    expect(await page.getByRole("alert").count()).toBe(0);
    await sample("8");
    expect(trouble).toEqual([]);
    await close();
  });

  test("Filters: the picture is filtered on", async () => {
    const { page, trouble, open, close } = await visit({ webgpu: true, locale: "en-US" });
    await open("#/filters?width=160&f=blur");
    const speed = page.locator(".speed dd");
    await expect.poll(() => speed.first().innerText(), soon).toMatch(/ms$/);
    const worker = page.workers().find((one) => one.url().includes("worker"))!;
    await worker.evaluate(watch);
    await page.getByRole("button", { name: "webgpu" }).click();
    await expect.poll(() => pressed(page, "webgpu"), soon).toBe("true");
    for (const next of ["webgpu", "wasm"]) {
      const before = await opened(worker);
      await lose(worker);
      await page.getByText(new RegExp(`The webgpu device was lost .*The filters go on, on ${next}`)).waitFor(soon);
      await expect.poll(() => opened(worker), soon).toBe(next === "webgpu" ? before + 1 : before);
      await expect.poll(() => pressed(page, next), soon).toBe("true");
      await expect.poll(() => speed.last().innerText(), soon).toMatch(/^\d+$/);
      expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(1);
    }
    expect(trouble).toEqual([]);
    await close();
  });

  test("Arena: the race begins anew on another device, the kit asks its case again", async () => {
    const { page, trouble, open, close } = await visit({ webgpu: true, locale: "en-US" });
    await open("#/arena?ops=reduce&time=long&without=cpu");
    await page.waitForFunction(() => document.querySelectorAll(".card dl, .card .gone").length === 3);
    /** The worker of the job that is begun by this button, watched before it opens a device. */
    const begin = async (name: string): Promise<Worker> => {
      const [worker] = await Promise.all([
        page.waitForEvent("worker"),
        page.getByRole("button", { name, exact: true }).click(),
      ]);
      await worker.evaluate(watch);
      return worker;
    };
    const race = await begin("Race: Linear");
    await expect.poll(() => opened(race), soon).toBe(1);
    const lane = page
      .locator(".contest", { has: page.getByRole("heading", { name: /^Linear/ }) })
      .locator(".lane", { hasText: "webgpu" });
    await lane.getByText(/ms/).first().waitFor(soon);
    await lose(race);
    await expect.poll(() => opened(race), soon).toBe(2);
    await page.getByRole("button", { name: "Race them all" }).waitFor(soon);
    expect(await lane.innerText()).toMatch(/ms/);
    const kit = await begin("Run the kit");
    await page.waitForFunction(() => /✓ \d/.test(document.querySelector(".opmatrix")?.textContent ?? ""));
    await lose(kit);
    await page.locator(".kit .kitrun").getByText("finished").nth(1).waitFor(soon);
    expect(await page.locator(".kit .wrong").count()).toBe(0);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(trouble).toEqual([]);
    await close();
  });
});
