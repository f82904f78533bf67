// The demo site from end to end: built, under a sub-path, in a real Chromium.
import { afterAll, describe, expect, test } from "vitest";
import { smallTargets } from "./support/layout.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const can = canRunPages();

interface State {
  readonly language: "en" | "ja";
  readonly theme: "light" | "dark";
  readonly width: 360 | 1440;
}

/** Each language, theme and width once; `demo-matrix.slow.test.ts` has them all. */
const states: readonly State[] = [
  { language: "en", theme: "light", width: 1440 },
  { language: "ja", theme: "dark", width: 360 },
];

describe.skipIf(!can).each(states)("$language, $theme, $width px", ({ language, theme, width }) => {
  test("every room is whole and open to everyone", async () => {
    const { page, trouble, open, barriers, close } = await visit({
      colorScheme: theme,
      locale: language === "ja" ? "ja-JP" : "en-US",
      viewport: { width, height: 800 },
    });
    for (const hash of ["", "#/?step=5", "#/?step=8", "#/read", "#/train", "#/about"]) {
      await open(hash);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await barriers(), hash).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), hash).toBe(0);
      expect(await page.evaluate(smallTargets), hash).toEqual([]);
    }
    expect(trouble).toEqual([]);
    await close();
  });
});

describe.skipIf(!can)("Conv Lab", () => {
  test("a fractional stride shows the library's error, and a fix works", async () => {
    const { page, trouble, open, close } = await visit();
    await open("#/?step=5");
    const alert = page.getByRole("alert");
    await expect(alert.textContent()).resolves.toContain("conv2d: OH = (7 + 2·0 − 3)/3 + 1 = 2.33… is not an integer");
    await alert.getByRole("button", { name: /padding 1/ }).click();
    await alert.waitFor({ state: "detached" });
    expect(await page.getByRole("img", { name: "Output, Filter 0, 3 × 3" }).count()).toBe(1);
    await page.goBack();
    await alert.waitFor();
    await page.goForward();
    await alert.waitFor({ state: "detached" });
    expect(trouble).toEqual([]);
    await close();
  });

  test("the keyboard alone: through the tour, along the windows, into a number", async () => {
    const { page, trouble, open, close } = await visit();
    await open();
    const reach = async (name: string | RegExp, role: "button" | "application" | "spinbutton"): Promise<void> => {
      const wanted = await page.getByRole(role, { name }).first().elementHandle();
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press("Tab");
        if (await wanted?.evaluate((element) => element === document.activeElement)) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await reach("Next", "button");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("step=2");
    await reach(/^Output/, "application");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.getByRole("status").last().textContent()).toBe("Row 1, column 1: 18");
    await page.keyboard.press("Home");
    await reach("Kernel: height", "spinbutton");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.getByRole("img", { name: /^Output/ }).getAttribute("aria-label")).toContain("3 × 2");
    expect(trouble).toEqual([]);
    await close();
  });

  test("a shared address brings the lab back, and a broken one does no harm", async () => {
    const { page, trouble, open, close } = await visit({ viewport: { width: 1440, height: 900 } });
    await open("#/?hide=tour,code");
    expect(await page.getByRole("region", { name: "Guided tour" }).count()).toBe(0);
    await page.getByRole("spinbutton", { name: "Padding: top" }).fill("2");
    await expect.poll(() => page.url()).toContain("&s=");
    expect(page.url()).toContain("hide=tour");
    await page.reload();
    await expect.poll(() => page.getByRole("spinbutton", { name: "Padding: top" }).inputValue()).toBe("2");
    await open("#/about");
    await open("#/?s=nonsense");
    await expect.poll(() => page.getByRole("spinbutton", { name: "Padding: top" }).inputValue()).toBe("0");
    expect(trouble).toEqual([]);
    await close();
  });

  test("a number is what was typed, from its sign to its decimals, and never another one on the way", async () => {
    const { page, trouble, open, close } = await visit({ viewport: { width: 1440, height: 900 } });
    await open();
    const cell = page.locator("input[type=number][step=any]").first();
    await cell.selectText();
    await page.keyboard.type("-0.25");
    expect(await cell.inputValue()).toBe("-0.25");
    await page.keyboard.press("Tab");
    expect(await cell.inputValue()).toBe("-0.25");
    const height = page.getByRole("spinbutton", { name: "Input: height" });
    const before = await height.inputValue();
    for (const [typed, stays] of [
      ["3.7", "3"],
      ["12", "12"],
      ["-", "12"],
      [before, before],
    ] as const) {
      await height.selectText();
      await page.keyboard.type(typed);
      await height.blur();
      expect(await height.inputValue()).toBe(stays);
    }
    await open("#/filters");
    const weight = page.locator("table input[type=number]").first();
    await weight.selectText();
    await page.keyboard.type("0.5");
    await weight.blur();
    expect(await weight.inputValue()).toBe("0");
    expect(trouble).toEqual([]);
    await close();
  });

  test("drawing with a pointer changes the input, undo takes it back", async () => {
    const { page, trouble, open, close } = await visit({ hasTouch: true });
    await open();
    const output = (): Promise<string> => page.locator(".total output").innerText();
    expect(await output()).toBe("15");
    await page.getByRole("button", { name: "Draw", exact: true }).tap();
    await page.getByRole("img", { name: /^Input/ }).tap({ position: { x: 20, y: 20 } });
    await expect.poll(output).toBe("23");
    await page.getByRole("button", { name: "Undo" }).tap();
    await expect.poll(output).toBe("15");
    expect(trouble).toEqual([]);
    await close();
  });

  test("a picture becomes the input; a broken one is told, and the lab stays", async () => {
    const { page, trouble, open, close } = await visit({ locale: "en-US" });
    await open();
    await page.getByRole("button", { name: "Draw", exact: true }).click();
    const chooser = page.locator("input[accept='image/*']");
    await chooser.setInputFiles({ name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.getByRole("alert").waitFor();
    const white = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(40, 20);
      const pen = canvas.getContext("2d")!;
      pen.fillStyle = "white";
      pen.fillRect(0, 0, 40, 20);
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
    });
    await chooser.setInputFiles({ name: "white.png", mimeType: "image/png", buffer: Buffer.from(white) });
    await page.getByRole("img", { name: /^Input, Channel 0, 16 × 16/ }).waitFor();
    // Nine numbers of the tour's first filter, each over 127.
    await expect.poll(() => page.locator(".total output").innerText()).toBe(String(127 * 9));
    expect(trouble).toEqual([]);
    await close();
  });

  test("the matrix and the maps point at the same cells", async () => {
    const { page, trouble, open, barriers, close } = await visit();
    await open("#/?step=6");
    await page.getByRole("button", { name: "As a matrix product" }).click();
    const windows = page.getByRole("img", { name: "Windows" });
    const box = (await windows.boundingBox())!;
    await windows.click({ position: { x: box.width / 54, y: (box.height * 7) / 8 } });
    await expect.poll(() => page.locator(".where").innerText()).toBe("1, 1");
    expect(await page.locator(".total output").innerText()).toBe("27");
    expect(await barriers()).toEqual([]);
    // The number that was pointed at is an input cell that all four windows read; one in a corner is read by one.
    const reach = page.locator(".reach");
    expect(await reach.innerText()).toBe("The input cell in row 1, column 1 feeds 4 cells of this output map.");
    await page.getByRole("img", { name: /^Input/ }).click({ position: { x: 20, y: 20 } });
    await expect
      .poll(() => reach.innerText())
      .toBe("The input cell in row 0, column 0 feeds 1 cell of this output map.");
    expect(trouble).toEqual([]);
    await close();
  });
});

test.skipIf(!can)("language and theme are remembered", async () => {
  const { page, trouble, open, close } = await visit({ locale: "en-US" });
  await open();
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByRole("combobox").selectOption("dark");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "畳み込みを、見て、触る。" }).waitFor();
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
  expect(trouble).toEqual([]);
  await close();
});

test.skipIf(!can).each([true, false])("isolated %s: the page says which it is", async (isolated) => {
  const { page, trouble, open, close } = await visit({ isolated });
  await open();
  const said = await page.getByRole("contentinfo").innerText();
  expect(said).toContain(isolated ? "several threads" : "one thread");
  expect(trouble).toEqual([]);
  await close();
});

describe.skipIf(!can)("Read my writing", () => {
  const answer = ".answer .digit";

  test("a digit drawn by touch is read, on each backend that there is", async () => {
    const { page, trouble, open, close } = await visit({ hasTouch: true, viewport: { width: 360, height: 780 } });
    await open("#/read");
    await page.locator(answer).waitFor();
    await page.getByRole("button", { name: "Clear" }).tap();
    await page.getByText("Nothing drawn yet.").waitFor();
    // A seven, as the touch of a finger arrives.
    const pad = page.locator("canvas.pad");
    await pad.evaluate((canvas) => {
      const box = canvas.getBoundingClientRect();
      const corners = [
        [0.25, 0.2],
        [0.75, 0.2],
        [0.45, 0.85],
      ] as const;
      const fire = (type: string, x: number, y: number, buttons: number): boolean =>
        canvas.dispatchEvent(
          new PointerEvent(type, {
            bubbles: true,
            pointerType: "touch",
            pointerId: 1,
            isPrimary: true,
            buttons,
            clientX: box.left + x * box.width,
            clientY: box.top + y * box.height,
          }),
        );
      HTMLElement.prototype.setPointerCapture = () => {};
      fire("pointerdown", ...corners[0], 1);
      for (let i = 1; i < corners.length; i++)
        for (let k = 1; k <= 10; k++) {
          const [from, to] = [corners[i - 1]!, corners[i]!];
          fire("pointermove", from[0] + ((to[0] - from[0]) * k) / 10, from[1] + ((to[1] - from[1]) * k) / 10, 1);
        }
      fire("pointerup", ...corners[2], 0);
    });
    await expect.poll(() => page.locator(answer).innerText()).toBe("7");
    await page.getByRole("button", { name: "cpu" }).tap();
    await expect.poll(() => page.getByRole("button", { name: "cpu" }).getAttribute("aria-pressed")).toBe("true");
    expect(await page.locator(answer).innerText()).toBe("7");
    // The address has the drawing in it, and what reads it.
    await expect.poll(() => page.url()).toMatch(/#\/read\?ink=[\w-]+&on=cpu$/);
    expect(page.url().length).toBeLessThan(300);
    await page.reload();
    await expect.poll(() => page.locator(answer).innerText(), { timeout: 10_000 }).toBe("7");
    expect(await page.getByRole("button", { name: "cpu" }).getAttribute("aria-pressed")).toBe("true");
    await open("#/read?ink=nonsense&digit=4.7&hide=layers");
    await expect.poll(() => page.locator(answer).innerText(), { timeout: 10_000 }).toBe("4");
    expect(await page.locator(".layers").count()).toBe(0);
    expect(trouble).toEqual([]);
    await close();
  });

  test("samples, cells and their sums, by keyboard too", async () => {
    const { page, trouble, open, barriers, close } = await visit();
    await open("#/read");
    await page.locator(answer).waitFor();
    const took: number[] = [];
    for (const digit of ["0", "4", "8"]) {
      await page.getByRole("group", { name: "Samples" }).getByRole("button", { name: digit, exact: true }).click();
      await expect.poll(() => page.locator(answer).innerText()).toBe(digit);
      took.push(Number.parseFloat(await page.locator(".answer > .note").innerText()));
    }
    // Of three, the one in whose time the machine did the least else.
    expect(Math.min(...took)).toBeLessThan(50);
    await page.getByRole("button", { name: "Scores, Map 0" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /How this number came to be \[8, 0, 0\]/ }).waitFor();
    const scores = page.getByRole("button", { name: "Convolution 5 × 5, relu, Map 5" }).first();
    await scores.locator("canvas").click({ position: { x: 30, y: 30 } });
    await page.getByText(/Looks at rows \d+–\d+ and columns/).waitFor();
    expect(await barriers()).toEqual([]);
    expect(trouble).toEqual([]);
    await close();
  });

  test("WebGPU absent: the reason is told, and the reading goes on", async () => {
    const { page, trouble, open, close } = await visit();
    await open("#/read");
    await page.locator(answer).waitFor();
    await page.getByRole("button", { name: "webgpu" }).click();
    await expect.poll(() => page.getByRole("alert").innerText()).toMatch(/WebGPU is here, but/);
    // Where it was asked for before the first backend was open, this comes a moment later.
    await expect.poll(() => page.getByRole("alert").innerText()).toContain("Reading goes on, on wasm.");
    await page.getByRole("group", { name: "Samples" }).getByRole("button", { name: "1", exact: true }).click();
    await expect.poll(() => page.locator(answer).innerText()).toBe("1");
    // The browser's own word about a machine without a GPU.
    expect(trouble.filter((line) => line !== "console: No available adapters.")).toEqual([]);
    await close();
  });
});
