// After the first visit the site needs no server: its server is ended, and every room still works.
import { afterAll, expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { closeSites, serveSite, visit } from "./support/site.ts";

afterAll(closeSites);

test.skipIf(!canRunPages()).each([false, true])(
  "the server gone, isolated %s: the page reloads, and each room works",
  async (isolated) => {
    const site = await serveSite({ isolated });
    const { page, trouble, open, close } = await visit({ site, serviceWorkers: "allow", locale: "en-US" });
    await open();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    site.close();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "See a convolution. Touch it." }).waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    const enter = (name: string): Promise<void> => page.getByRole("link", { name, exact: true }).click();
    await enter("Read my writing");
    await page.locator(".answer .digit").waitFor();
    await page.getByRole("group", { name: "Samples" }).getByRole("button", { name: "1", exact: true }).click();
    await expect.poll(() => page.locator(".answer .digit").innerText()).toBe("1");
    await enter("Train");
    await page.locator(".readout .ready").waitFor();
    await page.getByRole("button", { name: "One step" }).click();
    await page.locator(".readout .paused").waitFor();
    await enter("Filters");
    await page.waitForFunction(() => document.querySelector(".speed dd")?.textContent?.endsWith("ms"));
    await enter("Arena");
    await page.waitForFunction(() => document.querySelectorAll(".card dl, .card .gone").length === 3);
    await enter("About");
    await page.getByRole("link", { name: "Notebook", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "A notebook of convolution" }).waitFor();
    // What is no file of the site is its first page still.
    await open("nowhere.html");
    expect(trouble.filter((line) => line !== "console: No available adapters.")).toEqual([]);
    await close();
  },
);
