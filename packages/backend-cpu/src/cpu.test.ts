import { expect, test } from "vitest";
import { TatamiError, type Slice } from "@tatamijs/core/backend";
import { cpu } from "./cpu.ts";
import type { Memory } from "./kernel.ts";
import { prepareOp, wholes } from "./testing/apply.ts";

const code = async (f: () => unknown): Promise<string> => {
  try {
    await f();
  } catch (error) {
    if (error instanceof TatamiError) return error.code;
    throw error;
  }
  return "nothing was thrown";
};

test("refused memory is out-of-memory, and the backend stays usable", async () => {
  const backend = cpu();
  expect(await code(() => backend.alloc(2 ** 53))).toBe("out-of-memory");
  expect((await backend.alloc(100)).byteLength).toBeGreaterThanOrEqual(100);
});

test("write and read speak logical values, at any offset", async () => {
  const backend = cpu();
  const memory = await backend.alloc(256);
  const slice: Slice<Memory> = { memory, offset: 64, bytes: 12, spec: { shape: [3], dtype: "f32" } };
  const data = Float32Array.of(1, NaN, -0);
  backend.write(slice, data);
  data.fill(9);
  const into = new Float32Array(3);
  expect(await backend.read(slice, into)).toBe(into);
  expect(into).toEqual(Float32Array.of(1, NaN, -0));
  expect(await backend.read(slice)).toEqual(into);
});

test("after close everything says so", async () => {
  const backend = cpu();
  const memory = await backend.alloc(64);
  const slice: Slice<Memory> = { memory, offset: 0, bytes: 4, spec: { shape: [1], dtype: "f32" } };
  await backend.close();
  for (const use of [
    () => backend.alloc(8),
    () => backend.write(slice, new Float32Array(1)),
    () => backend.read(slice),
    () => backend.link([]),
    () => backend.settle(),
  ]) {
    expect(await code(use)).toBe("closed");
  }
});

test("a failure in a run arrives at the next read or settle, once", async () => {
  const backend = cpu();
  const memory = await backend.alloc(64);
  const slice: Slice<Memory> = { memory, offset: 0, bytes: 4, spec: { shape: [1], dtype: "f32" } };
  const linked = await backend.link([]);
  linked.close();
  expect(() => linked.run()).not.toThrow();
  expect(await code(() => backend.read(slice))).toBe("closed");
  expect(await code(() => backend.settle())).toBe("nothing was thrown");
});

test("two backends and two programs in flight do not disturb each other", async () => {
  const value = (
    shape: readonly number[],
    seed: number,
  ): { shape: readonly number[]; dtype: "f32"; data: Float32Array } => ({
    shape,
    dtype: "f32",
    data: wholes(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
  });
  const attrs = { ta: false, tb: false };
  const a = await prepareOp("matmul", attrs, [value([20, 30], 1), value([30, 10], 2)], {
    shape: [20, 10],
    dtype: "f32",
  });
  const b = await prepareOp("matmul", attrs, [value([9, 30], 3), value([30, 50], 4)], { shape: [9, 50], dtype: "f32" });
  const [first, , second] = [await a.run(), await b.run(), await a.run()];
  expect(second).toEqual(first);
});
