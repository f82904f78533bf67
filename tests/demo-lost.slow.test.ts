// A graphics device that is lost while the Arena works on it. It loses two, and what it measures takes its time.
import type { Worker } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { lose, opened, watch } from "./support/lose.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const soon = { timeout: 60_000 };

test.skipIf(!canRunPages())("the race begins anew on another device, the kit asks its case again", async () => {
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
