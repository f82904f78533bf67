import { constant, TatamiError } from "@tatamijs/core";
import { generator } from "@tatamijs/nn";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batches, checkDataset, permutation, type BatchOptions, type Dataset, type Sample } from "./dataset.ts";
import { rejected } from "./testing/toy.ts";

const options: BatchOptions = { batchSize: 4, epoch: 0, seed: 1, shuffle: true, dropLast: false, skip: 0 };
const numbers = (n: number): Dataset => ({
  inputs: constant(
    Float32Array.from({ length: n * 2 }, (_, i) => i),
    [n, 2],
  ),
  targets: { data: Uint8Array.from({ length: n }, (_, i) => i), shape: [n] },
});

/** The labels of each batch; inputs are checked to belong to them. */
async function labels(data: Dataset, more: Partial<BatchOptions> = {}): Promise<number[][]> {
  const seen: number[][] = [];
  for await (const { size, inputs, targets } of batches(data, { ...options, ...more })) {
    expect(inputs.shape).toEqual([size, 2]);
    expect(targets.shape).toEqual([size]);
    expect(targets.data).toBeInstanceOf(Int32Array);
    expect(Array.from(inputs.data)).toEqual(Array.from(targets.data).flatMap((k) => [2 * k, 2 * k + 1]));
    seen.push(Array.from(targets.data));
  }
  return seen;
}

describe("arrays", () => {
  test("in order, with a short last batch, or without it", async () => {
    expect(await labels(numbers(10), { shuffle: false })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await labels(numbers(10), { shuffle: false, dropLast: true })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  test("shuffled: every sample once, by seed and epoch", async () => {
    const [a, b, other, later] = [
      await labels(numbers(10)),
      await labels(numbers(10)),
      await labels(numbers(10), { seed: 2 }),
      await labels(numbers(10), { epoch: 1 }),
    ];
    expect(a.flat().toSorted((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(a).toEqual(b);
    expect(a).not.toEqual(other);
    expect(a).not.toEqual(later);
  });

  test("skip passes over what was done", async () => {
    expect(await labels(numbers(10), { skip: 1 })).toEqual((await labels(numbers(10))).slice(1));
    expect(await labels(numbers(10), { skip: 3 })).toEqual([]);
  });

  test("bytes as inputs are taken as f32, as they are", async () => {
    const data = {
      inputs: { data: Uint8Array.of(0, 255), shape: [1, 2] },
      targets: { data: Float32Array.of(0.5), shape: [1, 1] },
    };
    for await (const { inputs, targets } of batches(data, options)) {
      expect(inputs.data).toEqual(Float32Array.of(0, 255));
      expect(targets.data).toEqual(Float32Array.of(0.5));
    }
  });

  test("augmentation draws by place: skipping changes nothing, the data stay as they are", async () => {
    const data = numbers(10);
    const augment = (x: Float32Array, _: unknown, random: { next(): number }): void => void (x[0] = random.next());
    const drawn = async (skip: number): Promise<number[]> => {
      const all: number[] = [];
      for await (const { inputs } of batches(data, { ...options, skip, augment }))
        all.push(...inputs.data.filter((_, i) => i % 2 === 0));
      return all;
    };
    const whole = await drawn(0);
    expect(new Set(whole).size).toBe(10);
    expect(await drawn(2)).toEqual(whole.slice(8));
    expect(await labels(data, { shuffle: false })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });
});

describe("streams", () => {
  function* samples(n = 10): Generator<Sample> {
    for (let i = 0; i < n; i++) yield { input: { data: Float32Array.of(2 * i, 2 * i + 1), shape: [2] }, target: i };
  }
  const list = [...samples()];

  test("an array of samples, a function, an async one: in order", async () => {
    async function* slow(): AsyncGenerator<Sample> {
      for (const sample of list) {
        await Promise.resolve();
        yield sample;
      }
    }
    for (const data of [list, () => samples(), slow] as Dataset[])
      expect(await labels(data, { shuffle: false })).toEqual([
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
      ]);
  });

  test("shuffled through a buffer: every sample once, none earlier than the buffer lets it", async () => {
    const order = (await labels(() => samples(200), { shuffle: 20 })).flat();
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(200);
    order.forEach((label, place) => expect(label).toBeLessThanOrEqual(place + 20));
    expect((await labels(() => samples(200), { shuffle: 20, skip: 7 })).flat()).toEqual(order.slice(28));
  });

  test("samples of two shapes, and what is no sample", async () => {
    const mixed = [list[0]!, { input: { data: Float32Array.of(1), shape: [1] }, target: 0 }];
    expect((await rejected(labels(mixed, { shuffle: false }))).code).toBe("shape");
    for (const wrong of [
      3,
      null,
      {},
      { input: 3, target: 1 },
      { input: list[0]!.input, target: 0.5 },
      { input: list[0]!.input, target: "a" },
    ]) {
      expect((await rejected(labels([wrong as Sample]))).code).toBe("argument");
    }
    expect((await rejected(labels(() => 3 as unknown as Sample[]))).code).toBe("argument");
    expect((await rejected(labels([]))).code).toBe("zero-size");
  });
});

test("samples of two kinds of numbers: fractions are not cut off in silence", async () => {
  const sample = (values: Int32Array | Float32Array): Sample => ({
    input: { data: Float32Array.of(1), shape: [1] },
    target: { data: values, shape: [1] },
  });
  const pass = async (samples: readonly Sample[]): Promise<void> => {
    for await (const _ of batches(samples, { ...options, shuffle: false })) void _;
  };
  const error = await pass([sample(Int32Array.of(1)), sample(Float32Array.of(0.5))]).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: "TatamiError", code: "dtype" });
  expect((error as TatamiError).message).toContain("sample 1: its target is a Float32Array");
  await pass([sample(Float32Array.of(0.5)), sample(Int32Array.of(1))]);
  const big = { input: { data: BigUint64Array.of(1n), shape: [1] }, target: 0 } as unknown as Sample;
  await expect(pass([big])).rejects.toMatchObject({ code: "argument" });
});

test("a permutation holds each number once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 1000 }), (n, seed) => {
      expect([...permutation(n, generator(seed))].toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
});

test("what is no data is refused with a TatamiError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ inputs: fc.anything(), targets: fc.anything() })), (data) => {
      try {
        checkDataset(data, "fit", "data");
      } catch (error) {
        expect(error).toBeInstanceOf(TatamiError);
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});
