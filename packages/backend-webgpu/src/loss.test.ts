/** A device that is lost: whatever was asked for ends with `device-lost`, soon, and nothing is left over. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { descent, forward } from "./testing/scenarios.ts";
import { lossAt, soon } from "./testing/losing.ts";
import { watchedGpu } from "./testing/watched.ts";
import { webgpu } from "./webgpu.ts";

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  const [first] = unhandled.splice(0);
  if (first !== undefined) throw new Error("nobody caught a rejection", { cause: first });
});

test("at every 13th call of the API in a training run", async () => {
  const { calls, names } = await lossAt(descent, undefined);
  expect(calls).toBeGreaterThan(100);
  for (let n = 7; n < calls; n += 13) await lossAt(descent, n, names[n]);
}, 120_000);

test.each([
  "createComputePipelineAsync",
  "createBindGroup",
  "queue.submit",
  "buffer.mapAsync",
  "buffer.getMappedRange",
])("at %s", async (name) => {
  const { names } = await lossAt(forward, undefined);
  const n = names.indexOf(name);
  expect(n).toBeGreaterThan(0);
  await lossAt(forward, n, name);
});

test("before the first run, and all that is asked for later", async () => {
  const { gpu } = watchedGpu();
  const backend = await webgpu({ gpu });
  backend.device.destroy();
  expect(await soon(backend.lost)).toMatchObject({ reason: expect.stringContaining("destroyed") });
  await expect(soon(forward.run(backend))).rejects.toMatchObject({ code: "device-lost" });
  await expect(soon(backend.settle())).rejects.toMatchObject({ code: "device-lost" });
  await expect(soon(Promise.resolve().then(() => backend.alloc(64)))).rejects.toMatchObject({ code: "device-lost" });
  await expect(soon(Promise.resolve().then(() => backend.link([])))).rejects.toMatchObject({ code: "device-lost" });
  await backend.close();
});

test("after close() everything says closed", async () => {
  const { gpu, watch } = watchedGpu();
  const backend = await webgpu({ gpu });
  const memory = await backend.alloc(64);
  const slice = { memory, offset: 0, bytes: 64, spec: { shape: [16], dtype: "f32" } } as const;
  const linked = await backend.link([]);
  const pending = backend.read(slice);
  pending.catch(() => {});
  await backend.close();
  await expect(soon(pending)).rejects.toMatchObject({ code: "closed" });
  const closed = (work: () => unknown): Promise<void> =>
    expect(Promise.resolve().then(work)).rejects.toMatchObject({ code: "closed" });
  await closed(() => backend.alloc(64));
  await closed(() => backend.write(slice, new Float32Array(16)));
  await closed(() => backend.read(slice));
  await closed(() => backend.link([]));
  await closed(() => backend.settle());
  await closed(() => forward.run(backend));
  linked.run();
  linked.close();
  backend.free(memory);
  await backend.close();
  expect(watch.buffers.size).toBe(0);
  const state = await Promise.race([backend.lost, new Promise((resolve) => setTimeout(resolve, 50, "not lost"))]);
  expect(state).toBe("not lost");
});
