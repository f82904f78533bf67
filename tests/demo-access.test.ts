// The site for eyes, hands and ears of every kind: large text, narrow pages, forced colours, the keyboard alone, a screen reader.
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";
import { cutOff, smallTargets } from "./support/layout.ts";
import { noGpu, ready, rooms } from "./support/rooms.ts";

afterAll(closeSites);

const can = canRunPages();
describe.skipIf(!can)("every room is whole", () => {
  test.each([
    { name: "320 px wide, in English", width: 320, textSize: 16, locale: "en-US" },
    { name: "320 px wide, in Japanese", width: 320, textSize: 16, locale: "ja-JP" },
    { name: "with text of 200 %, in English", width: 1280, textSize: 32, locale: "en-US" },
    { name: "with text of 200 %, in Japanese", width: 1280, textSize: 32, locale: "ja-JP" },
  ])("$name", async ({ width, textSize, locale }) => {
    const { page, trouble, open, close } = await visit({
      locale,
      textSize,
      viewport: { width, height: 800 },
      reducedMotion: "reduce",
    });
    const found: string[] = [];
    for (const [hash, what] of rooms) {
      await open(hash);
      await ready(page, what);
      for (const look of [cutOff, smallTargets])
        found.push(...(await page.evaluate(look)).map((line) => `${hash}: ${line}`));
    }
    expect(found).toEqual([]);
    expect(trouble.filter((line) => line !== noGpu)).toEqual([]);
    await close();
  });

  test("with forced colours: what is pressed shows it, maps keep their colours, everyone comes in", async () => {
    const { page, trouble, open, barriers, close } = await visit({
      forcedColors: "active",
      colorScheme: "dark",
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
    });
    for (const [hash, what] of rooms) {
      await open(hash);
      await ready(page, what);
      // Of forced colours axe reads those of the sheet, which nobody sees.
      expect(await barriers({ without: ["color-contrast"] }), hash).toEqual([]);
      const plain = await page.evaluate(() => {
        const styles = (selector: string): CSSStyleDeclaration[] =>
          [...document.querySelectorAll(selector)]
            .filter((element) => element.checkVisibility())
            .map((element) => getComputedStyle(element));
        // Framed, or in the colours of what is selected, which keep out the others.
        const pressed = styles("[aria-pressed=true], [aria-current]").filter(
          ({ outlineStyle, forcedColorAdjust }) => outlineStyle !== "solid" && forcedColorAdjust !== "none",
        );
        const maps = styles("canvas").filter(({ forcedColorAdjust }) => forcedColorAdjust !== "none");
        return { pressed: pressed.length, maps: maps.length };
      });
      expect(plain, hash).toEqual({ pressed: 0, maps: 0 });
    }
    expect(trouble.filter((line) => line !== noGpu)).toEqual([]);
    await close();
  });
});

describe.skipIf(!can)("behind every canvas that says something stands a table", () => {
  const open = async (page: Page): Promise<void> => {
    for (const summary of await page.locator("details > summary").all()) await summary.click();
  };
  test.each([
    // Input, output; and of the product, windows, filters and what comes out.
    ["#/?step=6", ".thumbs", ".maps, .matrix", 2 + 3],
    // What is seen, and each layer that is shown.
    ["#/read", ".maplist canvas", ".layers", 1 + 6],
    ["#/train?layers=c4k5-p2&epochs=1", ".readout .ready", ".stage", 2],
    ["#/filters?width=160&f=blur", ".speed dd", ".viewer", 2],
  ])("%s", async (hash, what, where, least) => {
    const { page, trouble, open: enter, close } = await visit({ locale: "en-US", reducedMotion: "reduce" });
    await enter(hash);
    await ready(page, what);
    if (hash.startsWith("#/?")) await page.getByRole("button", { name: "As a matrix product" }).click();
    if (hash.startsWith("#/train")) {
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.locator(".readout .done").waitFor({ timeout: 60_000 });
    }
    await open(page);
    const tables = page.locator(where).locator("details table");
    await expect.poll(() => tables.count(), { timeout: 15_000 }).toBeGreaterThanOrEqual(least);
    for (const table of await tables.all()) expect(await table.locator("td").count()).toBeGreaterThan(0);
    expect(trouble).toEqual([]);
    await close();
  });
});

describe.skipIf(!can)("Conv Lab by ear and by keyboard", () => {
  /** All that the live region of the page says from now on. */
  const listen = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      const region = [...document.querySelectorAll("[role=status]")].at(-1)!;
      new MutationObserver(() => heard.push(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
  const heard = (page: Page): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);

  test("each step is said; while it plays one in three seconds, and Escape stops it wherever the focus is", async () => {
    const { page, trouble, open, close } = await visit({ locale: "en-US" });
    await open("#/?step=8");
    const output = page.getByRole("application", { name: /^Output/ });
    await output.focus();
    await listen(page);
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(400);
    }
    const where = (await heard(page)).map((text) => text.split(":")[0]);
    expect(where).toEqual(["Row 0, column 1", "Row 0, column 2", "Row 1, column 2"]);
    await page.keyboard.press(" ");
    const playing = page.getByRole("button", { name: "Pause" });
    await playing.waitFor();
    const before = (await heard(page)).length;
    const begin = Date.now();
    await page.waitForTimeout(3500);
    const said = (await heard(page)).length - before;
    expect(said).toBeGreaterThanOrEqual(1);
    expect(said).toBeLessThanOrEqual(Math.ceil((Date.now() - begin) / 3000));
    await page.getByRole("combobox").focus();
    await page.keyboard.press("Escape");
    await playing.waitFor({ state: "detached" });
    expect(trouble).toEqual([]);
    await close();
  });

  test("on a telephone Pause stays in sight while the maps scroll by", async () => {
    const { page, open, close } = await visit({ viewport: { width: 360, height: 640 }, locale: "en-US" });
    await open("#/?step=8");
    await page.getByRole("button", { name: "Play" }).click();
    const pause = page.getByRole("button", { name: "Pause" });
    await page.locator(".sum").scrollIntoViewIfNeeded();
    const box = (await pause.boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height).toBeLessThanOrEqual(640);
    await close();
  });

  test("the keyboard alone: an error and its fix, drawing and undo, the matrix, and the link back", async () => {
    const { page, trouble, open, close } = await visit({ locale: "en-US" });
    await open();
    /** Goes on with Tab from where the focus is. */
    const reach = async (
      role: "button" | "application" | "link" | "spinbutton",
      name: string | RegExp,
    ): Promise<void> => {
      const wanted = await page
        .getByRole(role, { name, exact: typeof name === "string" })
        .first()
        .elementHandle();
      for (let i = 0; i < 150; i++) {
        if (await wanted?.evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    // Past the frame by its first link.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("room");
    await reach("button", /Does the size fit/);
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    await reach("button", /^stride 2/);
    await page.keyboard.press("Enter");
    await alert.waitFor({ state: "detached" });
    // Back to a plain lab, and draw in it.
    await page.getByRole("button", { name: /Slide, multiply, add/ }).focus();
    await page.keyboard.press("Enter");
    const sum = (): Promise<string> => page.locator(".total output").innerText();
    await expect.poll(sum).toBe("15");
    await reach("button", "Draw");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "As a matrix product" }).focus();
    await page.keyboard.press("Enter");
    await reach("application", /^Input/);
    await page.keyboard.press(" ");
    await expect.poll(sum).toBe("23");
    await reach("button", "Undo");
    await page.keyboard.press("Enter");
    await expect.poll(sum).toBe("15");
    await reach("application", /^Windows/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".where").innerText()).toBe("0, 1");
    await reach("button", "Copy link");
    expect(trouble).toEqual([]);
    await close();
  });
});
