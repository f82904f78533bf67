/** Workers: any number gives the same bits; those that do not come, go or hang are done without. */
import { afterEach, expect, test } from "vitest";
import { Worker } from "node:worker_threads";
import { openHere } from "./here.ts";
import { instantiate } from "./instance.ts";
import { load } from "./module.ts";
import type { RestCode } from "./table.ts";
import { scenarios } from "./testing/scenarios.ts";
import type { startThreads } from "./threads.ts";
import type { WasmBackend } from "./open.ts";
import { wasm } from "./wasm.ts";

const opening = { relaxed: true, strict: false, shared: true, threads: 2 };

afterEach(() => {
  Reflect.deleteProperty(globalThis, "crossOriginIsolated");
});

const restCode: RestCode = () => import("./rest.ts");

test.each(["relaxed", "simd"] as const)(
  "%s: 1, 2, 3 and 5 threads, here and in a worker, give the same bits",
  async (build) => {
    const alone = await wasm({ build, threads: 1 });
    for (const { run } of scenarios) {
      const wanted = await run(alone);
      for (const options of [
        { threads: 2 },
        { threads: 3 },
        { threads: 5 },
        { threads: 2, worker: true },
        { threads: 1, worker: true },
      ]) {
        const backend = await wasm({ build, ...options });
        expect(backend.info).toEqual({ build, worker: false, ...options, notes: [] });
        for (let k = 0; k < 3; k++) expect(await run(backend)).toEqual(wanted);
        await backend.close();
      }
    }
  },
);

test("where memory cannot be shared it is one thread, and info says so once", async () => {
  Object.assign(globalThis, { crossOriginIsolated: false });
  const backend = await wasm({ threads: 2 });
  expect(backend.traits.variant).toMatch(/ 1 thread$/);
  expect(backend.info.notes).toEqual([expect.stringMatching(/^one thread: memory cannot be shared here/)]);
  expect((await wasm({ threads: 1 })).info.notes).toEqual([]);
});

const started: { lost: (why: string) => void; ended: number } = { lost: () => undefined, ended: 0 };
const fake =
  (join: ReturnType<typeof startThreads>["join"]): typeof startThreads =>
  (_count, lost) => {
    started.lost = lost;
    started.ended = 0;
    return {
      join,
      async end() {
        started.ended += 1;
      },
    };
  };

test("workers that do not start are done without", async () => {
  const backend = await openHere(opening, load("relaxed", true), { restCode, start: fake(async () => "forbidden") });
  expect(backend.running).toEqual({ threads: 1, notes: ["one thread: workers could not be started (forbidden)"] });
  const alone = (await wasm({ threads: 1 })) satisfies WasmBackend;
  expect(await scenarios[0]!.run(backend)).toEqual(await scenarios[0]!.run(alone));
});

test("a worker that dies between runs: one thread, and nothing is lost", async () => {
  const alone = await wasm({ threads: 1 });
  const wanted = await scenarios[1]!.run(alone);
  let told = 0;
  const backend = await openHere(opening, load("relaxed", true), {
    restCode,
    changed: () => {
      told += 1;
    },
    start: fake(async () => undefined),
  });
  expect(backend.traits.variant).toMatch(/2 threads$/);
  started.lost("exit code 1");
  expect(backend.running).toEqual({ threads: 1, notes: ["one thread: a worker is gone (exit code 1)"] });
  expect([told, started.ended]).toEqual([1, 1]);
  expect(await scenarios[1]!.run(backend)).toEqual(wanted);
});

test("a worker that hangs in a call is an error within 5 s, and the next run is right", async () => {
  const alone = await wasm({ threads: 1 });
  const wanted = await scenarios[0]!.run(alone);
  // Goes in as a worker does (see assembly/run.ts), claims a unit, and never leaves.
  const source = `
    const { workerData: { buffer, control }, parentPort } = require("node:worker_threads");
    const words = new Int32Array(buffer);
    const gate = control / 4 + 16;
    parentPort.postMessage("ready");
    for (;;) {
      const now = Atomics.load(words, gate);
      if ((now & 1) === 1 && Atomics.compareExchange(words, gate, now, now + 2) === now) break;
    }
    Atomics.add(words, control / 4 + 48, 1);
    for (;;) Atomics.wait(words, control / 4 + 60, 0, 1000);
  `;
  let worker: Worker | undefined;
  const module = load("relaxed", true);
  const hostile: typeof startThreads = () => ({
    async join(known, memory) {
      const { control } = await instantiate(known, memory);
      worker = new Worker(source, { eval: true, workerData: { buffer: memory.buffer, control } });
      await new Promise((resolve) => {
        worker!.once("message", resolve);
      });
      return undefined;
    },
    async end() {
      await worker?.terminate();
    },
  });
  const backend = await openHere(opening, module, { restCode, start: hostile });
  let before = 0;
  // On a busy machine the worker may sleep through a run.
  const untilCaught = async (): Promise<never> => {
    for (;;) {
      before = performance.now();
      await scenarios[0]!.run(backend);
    }
  };
  await expect(untilCaught()).rejects.toMatchObject({ code: "backend" });
  expect(performance.now() - before).toBeLessThan(5000);
  expect(backend.running).toEqual({
    threads: 1,
    notes: ["one thread: a worker did not finish its part of a run in time"],
  });
  expect(await scenarios[0]!.run(backend)).toEqual(wanted);
}, 20_000);

test("wrong options say what to give", async () => {
  for (const [options, text] of [
    [{ threads: 0 }, /threads is 0.*1 to 64/],
    [{ threads: 1.5 }, /threads is 1.5/],
    [{ worker: "yes" }, /worker is "yes".*true or false/],
    [{ precision: "half" }, /precision is "half".*"fast" or "strict"/],
    [{ build: "avx" }, /build is "avx".*"relaxed" or "simd"/],
    [7, /an object/],
  ] as const) {
    await expect(wasm(options as never)).rejects.toMatchObject({
      code: "argument",
      message: expect.stringMatching(text),
    });
  }
});
