// The house's documents, which the build makes pages of the site.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { siteFolder } from "../apps/demo/serve.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const folder = join(siteFolder, "docs");
const pages = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".html"));

test("every link leads to a page, a place in it, or a figure that is there", () => {
  const texts = new Map(pages().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  const figures = new Set(readdirSync(join(folder, "figures")));
  const missing: string[] = [];
  let links = 0;
  for (const [name, text] of texts)
    for (const [, to = ""] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
      links++;
      if (/^(?:\.\.\/(?:#\/about|icon\.svg|boot\.js|site\.webmanifest)|docs\.css)$/.test(to)) continue;
      const [file = "", place] = to.split("#");
      const text = file === "" ? texts.get(name) : texts.get(file);
      const found = to.startsWith("figures/")
        ? figures.has(to.slice("figures/".length))
        : text !== undefined && (place === undefined || text.includes(`id="${place}"`));
      if (!found) missing.push(`${name}: ${to}`);
    }
  expect(missing).toEqual([]);
  expect(links).toBeGreaterThan(100);
});

describe.skipIf(!canRunPages())("in a page", () => {
  test.each([
    { colorScheme: "light", locale: "en-US", width: 1440 },
    { colorScheme: "dark", locale: "ja-JP", width: 320 },
  ] as const)("$colorScheme, $locale, $width px: all of them are whole and open to everyone", async (given) => {
    const { page, trouble, open, barriers, close } = await visit({
      colorScheme: given.colorScheme,
      locale: given.locale,
      viewport: { width: given.width, height: 800 },
    });
    await open("#/about");
    const ours = given.locale === "ja-JP" ? "ja" : "en";
    // From the room to the notebook in the visitor's language, and back.
    await page.locator(".documents a").first().click();
    await page.locator("main h1").waitFor();
    expect(page.url()).toContain(`docs/notebook.${ours}.html`);
    await page.getByRole("link", { name: /^tatami/ }).click();
    await page.locator(".about h1").waitFor();
    // Long pages of tables are looked through once.
    const some = pages().filter((name) => given.width > 360 || /^(?:notebook|errors)/.test(name));
    for (const name of some) {
      await open(`docs/${name}`);
      // A document is in the language that it was written in, whatever the visitor's.
      expect(await page.locator("html").getAttribute("lang"), name).toBe(name.includes(".ja.") ? "ja" : "en");
      for (const picture of await page.locator("article img").all()) await picture.scrollIntoViewIfNeeded();
      await expect
        .poll(() =>
          page
            .locator("article img")
            .evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 0)),
        )
        .toBe(true);
      expect(await barriers(), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBe(0);
    }
    expect(trouble).toEqual([]);
    await close();
  });
});
