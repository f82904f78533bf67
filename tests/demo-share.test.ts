// What the Conv Lab hands out: its address, its file, its program; and how they bring it back.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../scripts/steps.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const field = (page: Page, name: string): ReturnType<Page["locator"]> =>
  page.getByRole("spinbutton", { name, exact: true });
const value = (page: Page, name: string): Promise<string> => field(page, name).inputValue();
const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();

describe.skipIf(!canRunPages())("Conv Lab", () => {
  test("back and forward go through steps and rooms; who comes back finds the lab as it was left", async () => {
    const { page, trouble, open, close } = await visit({ locale: "en-US" });
    await open();
    await press(page, "Next");
    await expect.poll(() => page.url()).toContain("step=2");
    await field(page, "Stride: height").fill("2");
    // Left at once: nothing of the lab is written into another room's address.
    await page.getByRole("link", { name: "About" }).click();
    await page.getByRole("heading", { level: 1, name: /Convolutional networks/ }).waitFor();
    await page.waitForTimeout(400);
    expect(page.url()).toMatch(/#\/about$/);
    await page.getByRole("link", { name: "Conv Lab" }).click();
    expect(await value(page, "Stride: height")).toBe("2");
    await expect.poll(() => page.url()).toContain("s=");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: /Convolutional networks/ }).waitFor();
    await page.goForward();
    await expect.poll(() => value(page, "Stride: height")).toBe("2");
    for (let k = 0; k < 3; k++) await page.goBack();
    await expect.poll(() => page.url()).toMatch(/#?\/?$/);
    await expect.poll(() => value(page, "Stride: height")).toBe("1");
    expect(await page.locator(".word h2").innerText()).toBe("Slide, multiply, add");
    expect(trouble).toEqual([]);
    await close();
  });

  test("flags hide parts of the room, and stay while it is changed", async () => {
    const { page, trouble, open, close } = await visit({ locale: "en-US" });
    await open("#/?hide=tour,controls,code&step=5");
    await page
      .getByRole("alert")
      .getByRole("button", { name: /^stride 2/ })
      .click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await expect.poll(() => page.url()).toContain("s=");
    expect(page.url()).toContain("hide=tour");
    await page.reload();
    await page.getByRole("img", { name: "Output, Filter 0, 3 × 3" }).waitFor();
    for (const name of ["Guided tour", "Sizes and settings", "As TypeScript"])
      expect(await page.getByRole("region", { name, exact: true }).count(), name).toBe(0);
    expect(trouble).toEqual([]);
    await close();
  });

  test("an address has 2,000 characters at most; what is larger is saved as a file, and comes back from it", async () => {
    const { page, trouble, open, close } = await visit({ locale: "en-US" });
    await open("#/?step=6");
    const size = async (side: number, channels: number): Promise<void> => {
      await field(page, "Input: height").fill(`${side}`);
      await field(page, "Input: width").fill(`${side}`);
      await field(page, "Channels").fill(`${channels}`);
    };
    await press(page, "Draw");
    await size(16, 3);
    await press(page, "Random");
    await expect.poll(() => page.url()).toContain("s=");
    const link = page.getByRole("button", { name: "Copy link" });
    await expect.poll(() => page.url().length).toBeGreaterThan(500);
    expect(page.url().length).toBeLessThanOrEqual(2000);
    expect(await link.isEnabled()).toBe(true);
    await size(32, 8);
    await press(page, "Random");
    await page.getByText("Too large for a link").waitFor();
    expect(await link.isDisabled()).toBe(true);
    expect(page.url().length).toBeLessThanOrEqual(2000);
    const numbers = (): Promise<string> => page.locator(".share pre").innerText();
    const before = await numbers();
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Save as file")]);
    const file = { name: "lab.txt", mimeType: "text/plain", buffer: await readFile(await download.path()) };
    await page.getByRole("button", { name: /^1 ?Slide/ }).click();
    await expect.poll(numbers).not.toBe(before);
    const give = (buffer: Buffer): Promise<void> =>
      page.locator(".share input[type=file]").setInputFiles({ ...file, buffer });
    await give(file.buffer.subarray(0, 500));
    await expect.poll(() => page.getByRole("alert").innerText()).toContain("This is no Conv Lab file");
    await give(file.buffer);
    await page.getByRole("alert").waitFor({ state: "detached" });
    await expect.poll(numbers).toBe(before);
    expect(trouble).toEqual([]);
    await close();
  });

  test("the program that is copied runs, and prints what the room shows; the link opens the same lab", async () => {
    const { page, trouble, open, close } = await visit({
      locale: "en-US",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await open("#/?step=7");
    await field(page, "Stride: height").fill("3");
    await press(page, "Copy");
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(clipboard).toContain("evaluate(y)");
    const program = `${await clipboard()}\nconsole.log(JSON.stringify([...data]));`;
    const args = ["--conditions=@tatamijs/source", "--input-type=module-typescript", "-e", program];
    const said = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    const data = JSON.parse(said.trim().split("\n").at(-1)!) as number[];
    await page.getByRole("region", { name: "Output" }).getByText("Numbers as a table").click();
    const cells = await page.getByRole("region", { name: "Output, Filter 0" }).locator("tbody td").allInnerTexts();
    const shown = cells.map((text) => Number(text.replace("−", "-")));
    expect(shown.length).toBeGreaterThan(20);
    expect(data.slice(0, shown.length)).toEqual(shown);
    await press(page, "Copy link");
    await expect.poll(clipboard).toContain("&s=".slice(1));
    const link = await clipboard();
    await open("#/about");
    await page.goto(link);
    await expect.poll(() => value(page, "Stride: height")).toBe("3");
    expect(trouble).toEqual([]);
    await close();
  });
});
