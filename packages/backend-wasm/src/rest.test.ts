/** What a backend with one thread fetches after it was opened: nothing for a network that predicts in f32. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openHere, type Here, type RestModule } from "./here.ts";
import { load, loadRest } from "./module.ts";
import { openRemote } from "./remote.ts";
import type { RestCode } from "./table.ts";
import { buildOf } from "./given.ts";
import { scenarios } from "./testing/scenarios.ts";
import { wasm } from "./wasm.ts";

const forward = scenarios.find(({ name }) => name === "forward")!;
const training = scenarios.find(({ name }) => name === "training")!;

const opening = { relaxed: true, strict: false, shared: false, threads: 1 };

/** A backend, and what was asked for; each answer comes from `module`. */
async function counted(module: RestModule): Promise<{ backend: Here; asked: { code: number; module: number } }> {
  const asked = { code: 0, module: 0 };
  const restCode: RestCode = () => {
    asked.code += 1;
    return import("./rest.ts");
  };
  const restModule: RestModule = () => {
    asked.module += 1;
    return module();
  };
  return { backend: await openHere(opening, load("relaxed", false), { restCode, restModule }), asked };
}

test("predicting asks for nothing; training for all, for the module once", async () => {
  const { backend, asked } = await counted(() => loadRest("relaxed"));
  await forward.run(backend);
  expect(asked).toEqual({ code: 0, module: 0 });
  expect(await training.run(backend)).toEqual(
    await training.run(await wasm({ binary: binary("relaxed"), threads: 1 })),
  );
  expect(asked.code).toBeGreaterThan(0);
  expect(asked.module).toBe(1);
});

test("a rest that cannot be had is that link's error; the next one tries again", async () => {
  let answer: RestModule = () => Promise.reject(new Error("no way there"));
  const { backend, asked } = await counted(() => answer());
  await expect(training.run(backend)).rejects.toThrow(/no way there/);
  answer = () => loadRest("relaxed");
  await training.run(backend);
  expect(asked.module).toBe(2);
});

test("in a worker too: the page is asked, and its failure is told", async () => {
  let answer: RestModule = () => Promise.reject(new Error("no way there"));
  const remote = await openRemote(opening, load("relaxed", false), () => answer());
  await forward.run(remote);
  await expect(training.run(remote)).rejects.toThrow(/no way there/);
  answer = () => loadRest("relaxed");
  const alone = await wasm({ build: "relaxed", threads: 1 });
  expect(await training.run(remote)).toEqual(await training.run(alone));
  await remote.close();
});

test.each(["simd", "relaxed"] as const)(
  "%s: both parts keep the same memory for themselves, and are whole together",
  async (build) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    const kernels = async (module: WebAssembly.Module): Promise<WebAssembly.Exports> =>
      (await WebAssembly.instantiate(module, { env: { memory, late: () => 0 } })).exports;
    const base = ({ heapBase }: WebAssembly.Exports): unknown => (heapBase as () => number)();
    const [first, rest] = [await kernels(await load(build, false)), await kernels(await loadRest(build))];
    const whole = await kernels(new WebAssembly.Module(binary(build)));
    expect(base(rest)).toBe(base(first));
    expect(new Set([...Object.keys(first), ...Object.keys(rest)])).toEqual(new Set(Object.keys(whole)));
  },
);

test.each(["first", "rest"])("a part is no binary to give: %s", async (part) => {
  expect(() => buildOf(new WebAssembly.Module(binary(`simd-${part}`)))).toThrow(/whole of it: binaries\/simd\.wasm/);
});

function binary(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../binaries/${name}.wasm`, import.meta.url)));
}
