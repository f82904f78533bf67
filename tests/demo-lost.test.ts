// A graphics device that is lost while a room works on it: the room opens another, then another backend, and goes on.
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { lose, opened, watch } from "./support/lose.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const soon = { timeout: 60_000 };
const pressed = (page: Page, name: string): Promise<string | null> =>
  page.getByRole("button", { name, exact: true }).getAttribute("aria-pressed");

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
});
