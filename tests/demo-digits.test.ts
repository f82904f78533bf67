// The demo reads digits in a real page, by its own modules: as many as it promises. (Node says the same in apps/demo/src/read.)
import { chromium, type Page } from "playwright-core";
import { createServer } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as reading from "../apps/demo/src/read/network.ts";
import { drawnDigits, heldOutStyles, type DrawnDigits } from "../packages/digits/src/index.ts";
import { loadMnist } from "../packages/digits/src/node.ts";
import { findChromium } from "../scripts/chromium.ts";
import { root } from "../scripts/steps.ts";
import { canRunPages } from "./support/page.ts";

/** The share that the network of the reading room, on WASM, reads right. */
async function share(page: Page, { images, labels }: Pick<DrawnDigits, "images" | "labels">): Promise<number> {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  return page.evaluate(
    async ([pictures, answers]) => {
      const bytesOf = (given: string): Uint8Array => Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
      const { openNetwork } = (globalThis as unknown as { reading: typeof reading }).reading;
      const [all, wanted] = [bytesOf(pictures!), bytesOf(answers!)];
      const size = all.length / wanted.length;
      const opened = await openNetwork("wasm");
      let right = 0;
      for (let i = 0; i < wanted.length; i++) {
        const pixels = Float32Array.from(all.subarray(i * size, (i + 1) * size), (value) => value / 255);
        const probabilities = Array.from((await opened.read(pixels)).probabilities);
        if (probabilities.indexOf(Math.max(...probabilities)) === wanted[i]) right++;
      }
      opened.close();
      return right / wanted.length;
    },
    [text(images), text(labels)],
  );
}

describe.skipIf(!canRunPages())("in a page", async () => {
  const site = await createServer({
    root: `${root}/apps/demo`,
    server: { host: "127.0.0.1", port: 0 },
    logLevel: "error",
  });
  const browser = await chromium.launch({ executablePath: findChromium() ?? "chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  beforeAll(async () => {
    await site.listen();
    await page.goto(site.resolvedUrls!.local[0]!);
    // A text, which no bundler of ours rewrites.
    await page.evaluate(
      'import("/src/read/network.ts").then((reading) => Object.assign(globalThis, { reading }), String)',
    );
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  test("500 drawn digits, held back: 98 % or more", async () => {
    const digits = drawnDigits({ count: 500, seed: 2, styles: heldOutStyles });
    expect(await share(page, digits)).toBeGreaterThanOrEqual(0.98);
  });

  const mnist = await loadMnist("test", { network: false });
  test.skipIf(!mnist.found)(
    `MNIST's 10,000 test images: 99 % or more${mnist.found ? "" : ` (not here: ${mnist.line})`}`,
    async () => {
      if (!mnist.found) return;
      expect(mnist.digits.count).toBe(10_000);
      expect(await share(page, mnist.digits)).toBeGreaterThanOrEqual(0.99);
    },
  );
});
