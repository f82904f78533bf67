/** Tiles that are measured: once per product and adapter, by either clock, and never at the cost of a program. */
import { cpu } from "@tatamijs/backend-cpu";
import { conv2d, input } from "@tatamijs/core";
import { sizeOf, type Backend } from "@tatamijs/core/backend";
import { compile, openSession, print } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { values } from "./testing/scenarios.ts";
import { watchedGpu } from "./testing/watched.ts";
import { webgpu, type WebGpuBackend } from "./webgpu.ts";

/** A convolution that is worth measuring, with `channels` to tell it from those of other tests. */
async function answer(backend: Backend, channels: number): Promise<{ text: string; y: Float32Array }> {
  const shapes = [
    [1, channels, 16, 16],
    [32, channels, 3, 3],
  ];
  const [x, w] = shapes.map((shape) => input(shape));
  const session = openSession(backend);
  const program = await compile({ inputs: [x!, w!], outputs: [conv2d(x!, w!, { padding: 1 })] }, session);
  const [y] = await program.run(shapes.map((shape, k) => values(sizeOf(shape), 5 + k)));
  const text = print(program);
  await session.close();
  return { text, y: y!.data as Float32Array };
}

const open = (gpu: GPU): Promise<WebGpuBackend> => webgpu({ gpu, profile: "gpu", precision: "strict", tune: true });

const close = async (channels: number, y: Float32Array): Promise<void> => {
  const wanted = (await answer(cpu(), channels)).y;
  wanted.forEach((value, k) => expect(Math.abs(y[k]! - value)).toBeLessThan(1e-4));
};

const named = (way: string | undefined): string =>
  way === "direct" ? "direct" : `shared ${String(way).replace("x", "×")}`;

test("a product is measured once per adapter, and goes on what was the fastest", async () => {
  const { gpu, watch } = watchedGpu();
  const backend = await open(gpu);
  const names: string[] = [];
  watch.call = (name) => void names.push(name);
  const { text, y } = await answer(backend, 32);
  expect(names.filter((name) => name === "createQuerySet").length).toBeGreaterThan(0);
  await close(32, y);
  const key = "1×16×16×32 → 16×16×32, 3×3, stride 1×1, padding 1×1, f32";
  expect(["32x32", "64x32", "direct"]).toContain(backend.info.tuned[key]);
  expect(text).toContain(named(backend.info.tuned[key]));
  expect(backend.info.messages).toEqual([]);
  await backend.close();
  expect(watch.buffers.size).toBe(0);

  names.length = 0;
  const next = await open(gpu);
  expect((await answer(next, 32)).y).toEqual(y);
  expect(names).not.toContain("createQuerySet");
  expect(names.filter((name) => name === "queue.submit")).toHaveLength(next.info.submits);
  await next.close();
}, 60_000);

test("by the host's clock where the adapter has none", async () => {
  const { gpu } = watchedGpu();
  const timeless = {
    async requestAdapter() {
      const adapter = (await gpu.requestAdapter())!;
      const features = new Set(adapter.features);
      features.delete("timestamp-query");
      Object.defineProperty(adapter, "features", { value: features });
      return adapter;
    },
  };
  const backend = await open(timeless as unknown as GPU);
  expect(backend.device.features.has("timestamp-query")).toBe(false);
  const { y } = await answer(backend, 36);
  await close(36, y);
  expect(Object.keys(backend.info.tuned)).toContain("1×16×16×36 → 16×16×32, 3×3, stride 1×1, padding 1×1, f32");
  await backend.close();
}, 60_000);

test("without memory to measure with, the usual tile", async () => {
  const { gpu, watch } = watchedGpu();
  const backend = await open(gpu);
  let refused = 0;
  watch.refuse = (label) => label === "tuning" && ++refused > 0;
  const { text, y } = await answer(backend, 40);
  expect(refused).toBeGreaterThan(0);
  expect(text).toContain("shared 32×32");
  await close(40, y);
  expect(Object.keys(backend.info.tuned).join("; ")).not.toContain("×40 →");
  await backend.close();
  expect(watch.buffers.size).toBe(0);
}, 60_000);

test("a device that is lost meanwhile is the error", async () => {
  const { gpu, watch } = watchedGpu();
  const backend = await open(gpu);
  watch.call = (name, device) => {
    if (name === "createQuerySet") device.destroy();
  };
  await expect(answer(backend, 44)).rejects.toMatchObject({ code: "device-lost" });
  await backend.close();
}, 60_000);
