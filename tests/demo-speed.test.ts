// What a first visit costs: bytes until the page is ready, and the time until there is something to see on a slow processor.
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

describe.skipIf(!canRunPages())("the first visit", () => {
  // Where one lands. The other rooms fetch backends, weights and workers when somebody enters them: that has a limit, too.
  test.each([
    ["#/", 150],
    ["#/about", 150],
    ["#/read", 400],
    ["#/train", 400],
    ["#/filters", 400],
    ["#/arena", 400],
  ])("%s: at most %d KB before the first interaction", async (hash, most) => {
    const { page, open, close } = await visit();
    const texts: Promise<number>[] = [];
    page.on("response", (response) => texts.push(response.body().then((body) => gzipSync(body).length)));
    await open(hash);
    await page.waitForLoadState("networkidle");
    const bytes = (await Promise.all(texts)).reduce((sum, one) => sum + one, 0);
    console.log(`first visit ${hash}: ${(bytes / 1000).toFixed(0)} KB, gzip`);
    expect(bytes).toBeLessThan(most * 1000);
    await close();
  });

  test("shows the lab within a second on a processor that is four times slower", async () => {
    const { page, open, close } = await visit({ viewport: { width: 1440, height: 900 } });
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    const times: number[] = [];
    // The least of some is the page's own time; what else the machine does only adds to it.
    for (let k = 0; k < 5; k++) {
      await page.goto("about:blank");
      await open();
      times.push(
        await page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              new PerformanceObserver((list) => {
                const found = list.getEntries().find(({ name }) => name === "first-contentful-paint");
                if (found !== undefined) resolve(found.startTime);
              }).observe({ type: "paint", buffered: true });
            }),
        ),
      );
    }
    console.log(`first paint at 4× CPU: ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
    expect(Math.min(...times)).toBeLessThan(1000);
    await close();
  });
});
