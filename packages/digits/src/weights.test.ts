import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpu } from "@tatamijs/backend-cpu";
import { firstValues, parameterCount } from "@tatamijs/nn";
import { writeSafetensors } from "@tatamijs/train";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadMnist } from "./mnist.ts";
import { digitsNetwork } from "./network.ts";
import { accuracyOf, openReader } from "./reader.ts";
import type { Pictures } from "./sets.ts";
import { drawnHeldOut } from "./sets.ts";
import { heldOutStyles } from "./strokes/styles.ts";
import { loadDigits, saveDigits, shippedWeights } from "./weights.ts";

async function read({ images, labels }: Pictures): Promise<number> {
  const reader = await openReader((await loadDigits()).model, cpu());
  const reading = await reader.read(images);
  await reader.close();
  return accuracyOf(reading, labels);
}

describe("the shipped weights", () => {
  test("are at most 500 KB and say what they were trained on", async () => {
    expect((await stat(shippedWeights)).size).toBeLessThanOrEqual(500_000);
    const { model, about } = await loadDigits();
    expect(parameterCount(model)).toBeLessThanOrEqual(120_000);
    expect(about.get("trained on")).toMatch(/MNIST's training images and .* drawn digits/);
    expect(about.get("run")).toMatch(/^seed \d+, epoch \d+ of (\d|1[012]), cpu/);
  });

  test("read at least 98 % of the styles that were never trained on", async () => {
    const drawn = drawnHeldOut();
    expect(new Set(drawn.styles)).toEqual(new Set(heldOutStyles));
    expect(await read(drawn)).toBeGreaterThanOrEqual(0.98);
  });

  test("read at least 99.0 % of MNIST's test images, where they are", async (context) => {
    const outcome = await loadMnist("test", { network: false });
    if (!outcome.found) return context.skip(`${outcome.line} Set TATAMI_DATA to the folder that holds mnist.`);
    expect(outcome.digits.count).toBe(10_000);
    expect(await read(outcome.digits)).toBeGreaterThanOrEqual(0.99);
  });
});

describe("a file", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tatami-weights-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const place = (name: string): string => join(folder, name);

  test("comes back as it was saved, to the same bytes", async () => {
    const values = firstValues(digitsNetwork(9));
    await saveDigits(place("a"), values, { run: "none" });
    await saveDigits(place("b"), values, { run: "none" });
    expect(await readFile(place("a"))).toEqual(await readFile(place("b")));
    const { model, about } = await loadDigits(place("a"));
    expect(firstValues(model)).toEqual(values);
    expect(about.get("run")).toBe("none");
  });

  test("that is not there says so, and how to get one", async () => {
    await expect(loadDigits(place("none"))).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/no file at .*none.*\n.*pnpm train:digits/s),
    });
  });

  test("that is cut off, changed by one bit, or no weights at all is refused", async () => {
    const path = place("whole");
    await saveDigits(path, firstValues(digitsNetwork()), {});
    const bytes = await readFile(path);
    const changed = Buffer.from(bytes);
    changed[bytes.length - 1_000] = (changed[bytes.length - 1_000] ?? 0) ^ 1;
    for (const damaged of [bytes.subarray(0, -4), bytes.subarray(0, 5), changed, Buffer.from("hello, weights")]) {
      await writeFile(path, damaged);
      await expect(loadDigits(path)).rejects.toMatchObject({
        code: "format",
        message: expect.stringContaining("the digits' weights cannot be used"),
        details: expect.objectContaining({ path }),
      });
    }
  });

  test("of another network lists what does not fit", async () => {
    const path = place("other");
    const data = new Float32Array(6);
    await writeFile(path, writeSafetensors({ tensors: [["0.weight", { dtype: "f32", shape: [2, 3], data }]] }));
    await expect(loadDigits(path)).rejects.toMatchObject({
      code: "weights",
      message: expect.stringMatching(/missing: 0\.bias, .*misshapen: 0\.weight/s),
    });
  });
});
