import { cpu } from "@tatamijs/backend-cpu";
import { expect, test } from "vitest";
import { drawnDigits } from "./drawn.ts";
import { digitsNetwork } from "./network.ts";
import { accuracyOf, differenceOf, openReader } from "./reader.ts";

const { images } = drawnDigits({ count: 7, seed: 3 });

test("what is read does not depend on the size of batches, full or not", async () => {
  const backend = cpu();
  const model = digitsNetwork(1);
  const readings = [];
  for (const size of [1, 3, 7, 10]) {
    const reader = await openReader(model, backend, size);
    readings.push(await reader.read(images));
    await reader.close();
  }
  const [one] = readings;
  if (one === undefined) throw new Error("nothing was read");
  expect(one.count).toBe(7);
  expect(one.scores.some((score) => score !== 0)).toBe(true);
  for (const reading of readings) {
    expect(reading.digits).toEqual(one.digits);
    expect(differenceOf(reading, one)).toBeLessThan(1e-5);
  }
});

test("probabilities are of the scores and sum to 1; the digit has the highest", async () => {
  const reader = await openReader(digitsNetwork(2), cpu());
  const { digits, probabilities, scores } = await reader.read(images);
  await reader.close();
  for (let i = 0; i < 7; i++) {
    const row = [...probabilities.subarray(i * 10, i * 10 + 10)];
    const powers = [...scores.subarray(i * 10, i * 10 + 10)].map((score) => Math.exp(score));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, k) => expect(row[k]).toBeCloseTo(power / sum, 6));
    expect(row[digits[i] ?? -1]).toBe(Math.max(...row));
  }
});

test("no pictures, no readings", async () => {
  const reader = await openReader(digitsNetwork(), cpu());
  const { count, digits } = await reader.read(new Uint8Array(0));
  expect([count, digits.length]).toEqual([0, 0]);
  await reader.close();
  await expect(reader.read(images)).rejects.toMatchObject({ code: "closed" });
});

test.each([0, 1.5, Number.NaN])("a batch of %s is none", async (size) => {
  await expect(openReader(digitsNetwork(), cpu(), size)).rejects.toMatchObject({ code: "argument" });
});

test("accuracy, of all and of some", () => {
  const digits = Uint8Array.of(1, 2, 3, 4);
  const labels = Uint8Array.of(1, 2, 3, 5);
  expect(accuracyOf({ digits }, labels)).toBe(0.75);
  expect(accuracyOf({ digits }, labels, [0, 3])).toBe(0.5);
  expect(() => accuracyOf({ digits }, labels.subarray(1))).toThrow(/one label per picture/);
  expect(() => accuracyOf({ digits: new Uint8Array(0) }, new Uint8Array(0))).toThrow(/at least one/);
});

test("the largest difference; a NaN is never hidden", () => {
  const of = (...scores: number[]): { scores: Float32Array } => ({ scores: Float32Array.from(scores) });
  expect(differenceOf(of(1, 2, 3), of(1, 2.5, 3.25))).toBe(0.5);
  expect(differenceOf(of(1, 2), of(1, 2))).toBe(0);
  expect(differenceOf(of(1, Number.NaN, 2), of(1, 1, 1))).toBeNaN();
  expect(differenceOf(of(1, 1, 2), of(Number.NaN, 1, 1))).toBeNaN();
  expect(differenceOf(of(1, 2), of(1))).toBeNaN();
});
