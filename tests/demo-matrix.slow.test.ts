// Every room in both languages, both themes, on a telephone and on a desk, isolated or not, with a GPU or without.
import { afterAll, describe, expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { cutOff } from "./support/layout.ts";
import { noGpu, ready, rooms } from "./support/rooms.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const states = ["en-US", "ja-JP"].flatMap((locale) =>
  (["light", "dark"] as const).flatMap((colorScheme) =>
    [360, 1440].flatMap((width) =>
      [false, true].map((isolated) => ({ locale, colorScheme, width, isolated, webgpu: isolated && width === 1440 })),
    ),
  ),
);

describe.skipIf(!canRunPages())("the whole site", () => {
  test.each(states)("$locale, $colorScheme, $width px, isolated $isolated, WebGPU $webgpu", async (state) => {
    const { locale, colorScheme, width, isolated, webgpu } = state;
    const { page, trouble, open, barriers, close } = await visit({
      locale,
      colorScheme,
      isolated,
      webgpu,
      viewport: { width, height: 800 },
      reducedMotion: "reduce",
    });
    const found: string[] = [];
    for (const [hash, what] of rooms) {
      await open(hash);
      await ready(page, what);
      expect(await page.locator("html").getAttribute("lang"), hash).toBe(locale.slice(0, 2));
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
      found.push(...(await page.evaluate(cutOff)).map((line) => `${hash}: ${line}`));
      found.push(...(await barriers()).map((line) => `${hash}: ${line}`));
    }
    expect(found).toEqual([]);
    expect(trouble.filter((line) => line !== noGpu)).toEqual([]);
    await close();
  });
});
