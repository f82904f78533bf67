// The demo site's filters and its arena from end to end: built, under a sub-path, in a real Chromium.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { smallTargets } from "./support/layout.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";
import { longestTask } from "./support/trace.ts";

afterAll(closeSites);

const can = canRunPages();
/** The browser's own word about a machine without a GPU. */
const noGpu = "console: No available adapters.";
const seconds = 60_000;
/** On a busy machine, too. */
const soon = { timeout: 15_000 };

/** Each language, theme and width once; `demo-matrix.slow.test.ts` has them all. */
const states = [
  { language: "en", theme: "dark", width: 360 },
  { language: "ja", theme: "light", width: 1440 },
] as const;

/** Every backend is here, or says why not. */
const looked = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelectorAll(".card dl, .card .gone").length === 3);
const filtered = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelector(".speed dd")?.textContent?.endsWith("ms"));

describe.skipIf(!can).each(states)("$language, $theme, $width px", ({ language, theme, width }) => {
  test(
    "both rooms are whole and open to everyone",
    async () => {
      const { page, trouble, open, barriers, close } = await visit({
        isolated: width === 1440,
        colorScheme: theme,
        locale: language === "ja" ? "ja-JP" : "en-US",
        viewport: { width, height: 800 },
        reducedMotion: "reduce",
      });
      const whole = async (what: string): Promise<void> => {
        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        expect(await barriers(), what).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), what).toBe(0);
        expect(await page.evaluate(smallTargets), what).toEqual([]);
      };
      await open("#/filters?scene=hills&f=blur");
      await filtered(page);
      await page.locator(".picture").click({ position: { x: 90, y: 60 } });
      await page.locator(".magnifier output").waitFor();
      await whole("filters");
      await open("#/filters?f=network");
      await filtered(page);
      await whole("the trained layer");
      await open("#/arena?ops=pad.detach");
      await looked(page);
      await whole("arena");
      await page.locator(".kit button.main").click();
      await page.locator(".kit .tools button:last-child:enabled").waitFor();
      await whole("the kit's matrix");
      expect(trouble.filter((line) => line !== noGpu)).toEqual([]);
      await close();
    },
    seconds,
  );
});

describe.skipIf(!can)("Filters", () => {
  test(
    "a preset, an edited kernel, the address, and the number under the magnifier",
    async () => {
      const { page, trouble, open, close } = await visit({ reducedMotion: "reduce", locale: "en-US" });
      await open("#/filters?width=160");
      await filtered(page);
      // With less motion wanted, nothing runs by itself.
      expect(await page.getByRole("button", { name: "Start" }).count()).toBe(1);
      await page.getByRole("button", { name: "Sharpen" }).click();
      await expect.poll(() => page.url(), soon).toContain("f=sharpen");
      const picture = page.getByRole("application");
      await picture.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.getByText("Row 60, column 81").waitFor();
      const numbers = async (index: number): Promise<number[]> =>
        (await page.locator(".magnifier table").nth(index).locator("td").allInnerTexts()).map((text) =>
          Number(text.replace("−", "-")),
        );
      const told = async (): Promise<number> =>
        Number((await page.locator(".magnifier output").innerText()).replace("−", "-"));
      const [pixels, kernel] = [await numbers(0), await numbers(1)];
      const sum = pixels.reduce((total, value, k) => total + value * kernel[k]!, 0);
      expect(await told()).toBe(sum);
      // The middle from 5 to 4: the sum is one pixel less.
      await page.getByRole("spinbutton", { name: "Row 1, column 1" }).fill("4");
      await expect.poll(() => page.url(), soon).toContain("k=0.-1.0.-1.4.-1.0.-1.0_1_0_colour");
      expect(await page.getByRole("button", { name: "Your own" }).getAttribute("aria-pressed")).toBe("true");
      await picture.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await expect.poll(told, soon).toBe(sum - pixels[4]!);
      await page.getByRole("button", { name: "5 × 5" }).click();
      expect(await page.getByRole("spinbutton", { name: /^Row/ }).count()).toBe(25);
      await page.reload();
      await filtered(page);
      expect(await page.getByRole("spinbutton", { name: "Row 2, column 2" }).inputValue()).toBe("4");
      await page.getByText("The picture as numbers").click();
      await expect.poll(() => page.locator(".tables td").count(), soon).toBe(96);
      expect(trouble).toEqual([]);
      await close();
    },
    seconds,
  );

  test(
    "the camera is filtered and let go; one that is refused is told, and the room goes on",
    async () => {
      const granted = await visit({ locale: "en-US" });
      await granted.open("#/filters?width=160");
      await filtered(granted.page);
      await granted.page.getByRole("button", { name: "Camera" }).click();
      const pressed = (page: Page): Promise<string | null> =>
        page.getByRole("button", { name: "Camera" }).getAttribute("aria-pressed");
      await expect.poll(() => pressed(granted.page), soon).toBe("true");
      const rate = granted.page.locator(".speed dd").last();
      await expect.poll(() => rate.innerText(), soon).toMatch(/^\d+$/);
      await granted.page.getByRole("button", { name: "Stop" }).click();
      await granted.page.getByRole("button", { name: "Tea room" }).click();
      expect(await pressed(granted.page)).toBe("false");
      expect(granted.trouble).toEqual([]);
      await granted.close();

      const refused = await visit({ locale: "en-US", camera: false });
      await refused.open("#/filters?width=160");
      await filtered(refused.page);
      await refused.page.getByRole("button", { name: "Camera" }).click();
      await expect.poll(() => refused.page.getByRole("alert").innerText(), soon).toContain("The camera was refused");
      expect(await pressed(refused.page)).toBe("false");
      await refused.page.getByRole("button", { name: "Hills" }).click();
      await refused.page.getByRole("alert").waitFor({ state: "detached" });
      expect(refused.trouble).toEqual([]);
      await refused.close();
    },
    seconds,
  );

  test(
    "a picture of one's own; a broken file is an error, and the page goes on",
    async () => {
      const { page, trouble, open, close } = await visit({ locale: "en-US" });
      await open("#/filters?width=160&f=none");
      await filtered(page);
      const own = page.locator("input[type=file]");
      await own.setInputFiles({ name: "broken.png", mimeType: "image/png", buffer: Buffer.from("not a picture") });
      await expect
        .poll(() => page.getByRole("alert").innerText(), soon)
        .toContain("no picture that the browser can read");
      const icon = await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(40, 20);
        const pen = canvas.getContext("2d")!;
        pen.fillStyle = "rgb(10 200 30)";
        pen.fillRect(0, 0, 40, 20);
        return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
      });
      await own.setInputFiles({ name: "green.png", mimeType: "image/png", buffer: Buffer.from(icon) });
      await page.getByRole("alert").waitFor({ state: "detached" });
      expect(await page.getByRole("button", { name: "Your picture" }).getAttribute("aria-pressed")).toBe("true");
      await page.locator(".picture").click({ position: { x: 20, y: 20 } });
      await expect.poll(() => page.locator(".magnifier output").innerText(), soon).toBe("200");
      expect(trouble).toEqual([]);
      await close();
    },
    seconds,
  );

  test(
    "while filters run no task of the page takes 50 ms; each backend that there is runs them",
    async () => {
      const { page, trouble, open, close } = await visit({ isolated: true, webgpu: true, locale: "en-US" });
      await open("#/filters?width=320");
      await filtered(page);
      const longest = await longestTask(page, async () => {
        for (const name of ["Blur", "Trained", "Emboss"]) {
          await page.getByRole("button", { name, exact: true }).click();
          await page.waitForTimeout(700);
        }
      });
      expect(longest).toBeLessThan(50);
      for (const name of ["webgpu", "cpu"]) {
        await page.getByRole("button", { name }).click();
        await expect.poll(() => page.getByRole("button", { name }).getAttribute("aria-pressed"), soon).toBe("true");
        await filtered(page);
      }
      expect(trouble).toEqual([]);
      await close();
    },
    seconds,
  );

  test("WebGPU absent: the reason is told, and the filters go on", async () => {
    const { page, trouble, open, close } = await visit();
    await open("#/filters?width=160");
    await filtered(page);
    await page.getByRole("button", { name: "webgpu" }).click();
    await expect
      .poll(() => page.getByRole("alert").innerText(), soon)
      .toMatch(/WebGPU is here, but it finds no adapter/);
    expect(await page.getByRole("button", { name: "wasm" }).getAttribute("aria-pressed")).toBe("true");
    expect(trouble.filter((line) => line !== noGpu)).toEqual([]);
    await close();
  });
});

describe.skipIf(!can)("Arena", () => {
  const card = (page: Page, name: string): Promise<string> => page.getByRole("article", { name }).innerText();
  const download = async (page: Page, section: string): Promise<Record<string, unknown>> => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("region", { name: section }).getByRole("button", { name: "Save as JSON" }).click(),
    ]);
    return JSON.parse(readFileSync(await file.path(), "utf8")) as Record<string, unknown>;
  };

  test("isolated, on a processor that plays a GPU: three backends race, agree, and pass the kit", async () => {
    const { page, trouble, open, close } = await visit({ isolated: true, webgpu: true, locale: "en-US" });
    await open("#/arena?ops=pad.softmax");
    await looked(page);
    expect(await card(page, "webgpu")).toMatch(/✓ 4 \/ 4[^]*swiftshader[^]*a processor that plays a graphics card/);
    expect(await card(page, "wasm")).toMatch(/Threads\s+[2-4]/);
    await page.getByRole("button", { name: "Race: Read my writing" }).click();
    await page.locator(".lane .best").waitFor({ timeout: 30_000 });
    await page.locator(".contest button:enabled").first().waitFor();
    const raced = (await download(page, "The race")) as {
      times: { name: string; median: number; p95: number; share: number }[];
    };
    expect(raced.times.map(({ name }) => name).toSorted()).toEqual(["cpu", "wasm", "webgpu"]);
    for (const { median, p95, share } of raced.times) {
      expect(p95).toBeGreaterThanOrEqual(median);
      expect(share).toBeLessThan(1e-5);
    }
    const longest = await longestTask(page, async () => {
      await page.getByRole("button", { name: "Run the kit" }).click();
      await page.locator(".kit .kitrun").getByText("finished").nth(2).waitFor({ timeout: 40_000 });
    });
    expect(longest).toBeLessThan(50);
    const { reports } = (await download(page, "The conformance kit, here")) as {
      reports: { backend: string; counts: { pass: number; fail: number }; results: { op: string }[] }[];
    };
    expect(reports.map(({ backend }) => backend)).toEqual(["webgpu", "wasm", "cpu"]);
    for (const { counts, results } of reports) {
      expect(counts.fail).toBe(0);
      expect(counts.pass).toBeGreaterThan(90);
      expect(new Set(results.map(({ op }) => op))).toEqual(new Set(["pad", "softmax"]));
    }
    expect(trouble).toEqual([]);
    await close();
  }, 90_000);

  test(
    "neither isolated nor with a GPU: what is missing is said, and a job can be stopped",
    async () => {
      const { page, trouble, open, close } = await visit({ locale: "en-US" });
      await open("#/arena");
      await looked(page);
      expect(await card(page, "webgpu")).toMatch(/Not here[^]*no adapter/);
      expect(await card(page, "wasm")).toMatch(/Threads\s+1\n[^]*not isolated/);
      await page.getByRole("article", { name: "cpu" }).getByRole("checkbox").uncheck();
      await expect.poll(() => page.url(), soon).toContain("without=cpu");
      await page.getByRole("button", { name: "Run the kit" }).click();
      await page.waitForFunction(() => /✓ \d/.test(document.querySelector(".opmatrix")?.textContent ?? ""));
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText("stopped").waitFor();
      expect(await page.getByRole("button", { name: "Run the kit" }).isEnabled()).toBe(true);
      await page.getByRole("button", { name: "Race them all" }).click();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByRole("button", { name: "Race them all" }).waitFor();
      // From room to room and back: each finds its own address.
      await page.getByRole("link", { name: "Filters" }).click();
      await filtered(page);
      expect(page.url()).toMatch(/#\/filters$/);
      await page.goBack();
      await looked(page);
      expect(await page.getByRole("article", { name: "cpu" }).getByRole("checkbox").isChecked()).toBe(false);
      expect(page.url()).toContain("#/arena?without=cpu");
      expect(trouble.filter((line) => line !== noGpu)).toEqual([]);
      await close();
    },
    seconds,
  );
});
