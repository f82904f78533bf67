// The training room of the demo site, built, in a real Chromium: runs, files, losses of devices, and what stays smooth meanwhile.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { drawnDigits } from "../packages/digits/src/drawn.ts";
import { drop, type Dropped } from "./support/drop.ts";
import { lose, watch } from "./support/lose.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";
import { longestTask } from "./support/trace.ts";

afterAll(closeSites);

const can = canRunPages();
/** A network that learns in a second. */
const quick = "#/train?layers=c4k5-p2&epochs=2";

const figure = (page: Page, name: string): Promise<string> =>
  page
    .locator(".readout div", { has: page.getByText(name, { exact: true }) })
    .locator("dd")
    .innerText();
const state = (page: Page, name: "ready" | "running" | "paused" | "done"): Promise<void> =>
  page.locator(`.readout .${name}`).waitFor({ timeout: 60_000 });
const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
const pressed = (page: Page, name: string): Promise<string | null> =>
  page.getByRole("button", { name, exact: true }).getAttribute("aria-pressed");

/** MNIST's four files in small: drawn digits. `spoil` may break one. */
function idxFiles(spoil: (name: string, bytes: Buffer) => Buffer = (_, bytes) => bytes): Dropped[] {
  const header = (...words: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(4 * words.length);
    words.forEach((word, i) => bytes.writeUInt32BE(word, 4 * i));
    return bytes;
  };
  return (["train", "t10k"] as const).flatMap((set) => {
    const { count, images, labels } = drawnDigits({ count: set === "train" ? 300 : 100, seed: 3 });
    return [
      { name: `${set}-images-idx3-ubyte`, bytes: Buffer.concat([header(0x803, count, 28, 28), images]) },
      { name: `${set}-labels-idx1-ubyte`, bytes: Buffer.concat([header(0x801, count), labels]) },
    ].map(({ name, bytes }) => ({ name, mimeType: "application/octet-stream", buffer: spoil(name, bytes) }));
  });
}

describe.skipIf(!can)("Train in the page", () => {
  test("wasm: the loss falls, digits are read, no task of the page is long; a seed means one run, paused or not", async () => {
    const { page, trouble, open, barriers, close } = await visit();
    await open(quick);
    await state(page, "ready");
    const longest = await longestTask(page, async () => {
      await press(page, "Train");
      await state(page, "done");
    });
    expect(longest).toBeLessThan(50);
    const results = async (): Promise<string[]> => [await figure(page, "Loss"), await figure(page, "Read")];
    const [loss, read] = await results();
    expect(Number(loss)).toBeLessThan(1);
    expect(Number.parseFloat(read!)).toBeGreaterThan(90);
    expect(await figure(page, "Epoch")).toBe("2 / 2");
    expect(await page.getByRole("region", { name: "The mistakes" }).getByRole("img").count()).toBeGreaterThan(0);
    expect(await barriers()).toEqual([]);
    await press(page, "Start over");
    await state(page, "ready");
    await press(page, "One step");
    await state(page, "paused");
    expect(await figure(page, "Step")).toBe("1");
    await press(page, "Train on");
    await state(page, "running");
    // A page that nobody sees does not train.
    const look = (visible: boolean): Promise<void> =>
      page.evaluate(
        (as) => {
          Object.defineProperty(document, "visibilityState", { value: as, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        },
        visible ? "visible" : "hidden",
      );
    await look(false);
    await state(page, "paused");
    await look(true);
    await state(page, "done");
    expect(await results()).toEqual([loss, read]);
    expect(trouble).toEqual([]);
    await close();
  });

  test("a run that takes its time to get ready is begun once", async () => {
    const { page, trouble, open, close } = await visit();
    // A slow machine: the worker's states come late.
    await page.addInitScript(() => {
      const watched = globalThis as unknown as { begins: number };
      watched.begins = 0;
      const { postMessage, addEventListener } = Worker.prototype as unknown as Record<
        string,
        (...given: unknown[]) => void
      >;
      Object.assign(Worker.prototype, {
        postMessage(this: Worker, asked: { kind?: string }, transfer: unknown) {
          if (asked.kind === "begin") watched.begins++;
          postMessage!.call(this, asked, transfer);
        },
        addEventListener(this: Worker, type: string, hear: (event: MessageEvent<{ kind: string }>) => void) {
          const late = (event: MessageEvent<{ kind: string }>): void =>
            void setTimeout(() => hear(event), event.data.kind === "state" ? 700 : 0);
          addEventListener!.call(this, type, type === "message" ? late : hear);
        },
      });
    });
    await open(quick);
    await state(page, "ready");
    await page.getByText("Small", { exact: true }).waitFor();
    await page.goto(`${page.url()}&rate=0.01`);
    await page.locator(".readout .preparing").waitFor();
    await state(page, "ready");
    const begins = (): Promise<number> => page.evaluate(() => (globalThis as unknown as { begins: number }).begins);
    // Longer than an address waits to be written.
    await page.waitForTimeout(500);
    expect(await begins()).toBe(2);
    // What is chosen then stays chosen.
    await page.getByLabel("Batch").selectOption("64");
    await page.locator(".readout .preparing").waitFor();
    await state(page, "ready");
    await page.waitForTimeout(500);
    expect(await begins()).toBe(3);
    expect(await page.getByLabel("Batch").inputValue()).toBe("64");
    expect(trouble).toEqual([]);
    await close();
  });

  test("WebGPU: it learns, and goes on when its device is lost", async () => {
    const { page, trouble, open, close } = await visit({ webgpu: true });
    await open("#/train?layers=c4k5-p2&epochs=2&batch=64&rate=0.01");
    await state(page, "ready");
    const worker = page.workers().find((one) => one.url().includes("worker"))!;
    await worker.evaluate(watch);
    await press(page, "webgpu");
    await expect.poll(() => pressed(page, "webgpu"), { timeout: 60_000 }).toBe("true");
    await press(page, "Train");
    await expect.poll(() => figure(page, "Step"), { timeout: 60_000 }).not.toBe("0");
    await lose(worker);
    await page
      .getByText(/The webgpu device was lost \(destroyed.*goes on from its copy of step \d+, on webgpu/)
      .waitFor({ timeout: 60_000 });
    await state(page, "done");
    expect(await figure(page, "Step")).toBe("42");
    expect(Number(await figure(page, "Loss"))).toBeLessThan(1);
    expect(Number.parseFloat(await figure(page, "Read"))).toBeGreaterThan(80);
    expect(trouble).toEqual([]);
    await close();
  });

  test("WebGPU absent: the reason is told, and wasm goes on", async () => {
    const { page, trouble, open, barriers, close } = await visit();
    await open("#/train?layers=d8&epochs=1&on=webgpu");
    await expect.poll(() => page.getByRole("alert").innerText(), { timeout: 20_000 }).toMatch(/WebGPU|webgpu/);
    await state(page, "ready");
    expect(await pressed(page, "wasm")).toBe("true");
    expect(await barriers()).toEqual([]);
    await press(page, "Train");
    await state(page, "done");
    // The browser's own word about a machine without a GPU.
    expect(trouble.filter((line) => line !== "console: No available adapters.")).toEqual([]);
    await close();
  });

  test("weights: saved, loaded with their layers; a corrupted file gets the library's error and the page goes on", async () => {
    const { page, trouble, open, close } = await visit();
    await open(quick);
    await state(page, "ready");
    await press(page, "Train");
    await state(page, "done");
    const read = await figure(page, "Read");
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Save weights")]);
    expect(download.suggestedFilename()).toBe("trained.safetensors");
    const bytes = await readFile(await download.path());
    const give = (buffer: Buffer): Promise<void> =>
      page
        .locator("input.weights")
        .setInputFiles({ name: "trained.safetensors", mimeType: "application/octet-stream", buffer });
    const weights = page.getByRole("region", { name: "Weights" });
    await give(bytes.subarray(0, bytes.length - 100));
    await expect.poll(() => weights.getByRole("alert").innerText()).toContain("holds only");
    const broken = Buffer.from(bytes);
    // The header's length, far beyond the file.
    broken.writeUInt8(255, 3);
    await drop(page, ".train .stage", [
      { name: "broken.safetensors", mimeType: "application/octet-stream", buffer: broken },
    ]);
    await expect.poll(() => weights.getByRole("alert").innerText()).toContain("header");
    // The run is as it was.
    expect(await figure(page, "Read")).toBe(read);
    await page.getByRole("button", { name: "LeNet" }).click();
    await state(page, "ready");
    await give(bytes);
    await expect.poll(() => page.url()).toContain("layers=c4k5-p2");
    await weights.getByRole("alert").waitFor({ state: "detached" });
    await expect.poll(() => figure(page, "Read")).toBe(read);
    expect(await figure(page, "Step")).toBe("0");
    // It reads in the reading room, layer by layer.
    await press(page, "Read my writing with it");
    const answer = page.locator(".answer .digit");
    await answer.waitFor();
    expect(await pressed(page, "Trained here")).toBe("true");
    await page.getByRole("group", { name: "Samples" }).getByRole("button", { name: "2", exact: true }).click();
    await expect.poll(() => answer.innerText()).toBe("2");
    expect(await page.getByRole("button", { name: "Convolution 5 × 5, relu, Map 3" }).count()).toBe(1);
    await press(page, "Ours");
    await page.getByRole("button", { name: "Linear, relu, Map 0" }).waitFor();
    await expect.poll(() => answer.innerText()).toBe("2");
    // Who comes back finds the run as it was left.
    await page.getByRole("link", { name: "Train" }).click();
    await expect.poll(() => figure(page, "Read")).toBe(read);
    await expect.poll(() => page.url()).toContain("layers=c4k5-p2");
    expect(trouble).toEqual([]);
    await close();
  });

  test("MNIST from the site's data folder, or dropped; a broken file gets the library's error and the page goes on", async () => {
    const { page, trouble, open, close } = await visit();
    const files = idxFiles();
    await page.route("**/data/*", (route) => {
      const name = route.request().url().split("/").at(-1)!;
      const found = files.find((file) => file.name === name);
      return route.fulfill(
        name === "index.json"
          ? { json: { mnist: files.map((file) => file.name) } }
          : { body: found!.buffer, contentType: found!.mimeType },
      );
    });
    await open(`${quick}&layers=d8`);
    await state(page, "ready");
    const digits = page.getByRole("region", { name: "Digits" });
    expect(await pressed(page, "MNIST")).toBe("true");
    expect(await digits.innerText()).toContain("300 to learn from, 100 held back");
    const onto = (given: readonly Dropped[]): Promise<void> => drop(page, ".train .stage", given);
    await onto(idxFiles((name, bytes) => (name.startsWith("train-images") ? bytes.subarray(0, 5000) : bytes)));
    await expect.poll(() => digits.getByRole("alert").innerText()).toContain("is truncated or lies about its size");
    await onto(idxFiles((name, bytes) => (name.startsWith("t10k-labels") ? Buffer.from("no labels") : bytes)));
    await expect.poll(() => digits.getByRole("alert").innerText()).toContain("wanted the IDX magic number");
    // By the button, too.
    await page.locator("input.mnist").setInputFiles(files.slice(1));
    await expect.poll(() => digits.getByRole("alert").innerText()).toContain("train-images-idx3-ubyte");
    await onto(files);
    await digits.getByRole("alert").waitFor({ state: "detached" });
    await expect.poll(() => pressed(page, "Your MNIST")).toBe("true");
    await state(page, "ready");
    await press(page, "Train");
    await state(page, "done");
    expect(trouble).toEqual([]);
    await close();
  });

  test("a layer that does not fit shows the library's error, and the address keeps the network", async () => {
    const { page, trouble, open, barriers, close } = await visit({ viewport: { width: 1440, height: 900 } });
    await open(quick);
    await state(page, "ready");
    await page.getByRole("spinbutton", { name: "1. Convolution: size" }).fill("4");
    const alert = page.getByRole("region", { name: "Network" }).getByRole("alert");
    await expect
      .poll(() => alert.innerText())
      .toContain("maxPool2d: OH = (25 + 2·0 − 2)/2 + 1 = 12.5 is not an integer");
    expect(await page.getByRole("button", { name: "Train", exact: true }).isDisabled()).toBe(true);
    expect(await barriers()).toEqual([]);
    await page.getByRole("spinbutton", { name: "1. Convolution: padding" }).press("ArrowUp");
    await page.getByRole("spinbutton", { name: "1. Convolution: size" }).fill("3");
    await alert.waitFor({ state: "detached" });
    await page.getByRole("combobox", { name: "Optimiser" }).selectOption("sgd");
    await expect.poll(() => page.url()).toContain("layers=c4k3p1-p2&by=sgd");
    await page.reload();
    await expect
      .poll(() => page.getByRole("spinbutton", { name: "1. Convolution: size" }).inputValue(), { timeout: 10_000 })
      .toBe("3");
    expect(trouble).toEqual([]);
    await close();
  });

  test.each([
    { locale: "ja-JP", colorScheme: "dark", width: 360 },
    { locale: "en-US", colorScheme: "light", width: 320 },
  ] as const)("$locale, $colorScheme, $width px: whole and open to everyone while it trains", async (given) => {
    const { locale, colorScheme, width } = given;
    const { page, trouble, open, barriers, close } = await visit({
      locale,
      colorScheme,
      viewport: { width, height: 780 },
    });
    await open("#/train?layers=c12k5-p2-c24k5-p2-d128&epochs=50");
    await state(page, "ready");
    await page.locator(".bar .main").focus();
    await page.keyboard.press("Enter");
    await state(page, "running");
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await barriers()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await page.locator(".bar .main").click();
    await state(page, "paused");
    expect(trouble).toEqual([]);
    await close();
  });
});
