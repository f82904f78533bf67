/** `wasm({ binary })`: every form it may have, what it says of itself, and what is said of a wrong one. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { BinaryName } from "./binary.ts";
import { buildOf, moduleOf } from "./given.ts";
import { scenarios } from "./testing/scenarios.ts";
import { wasm } from "./wasm.ts";

const fileOf = (name: string): URL => new URL(`../binaries/${name}.wasm`, import.meta.url);
const bytesOf = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(fileOf(name)));
const plainModule = (): WebAssembly.Module => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

/** /TYPE/NAME.wasm is served as that type; /page is what servers of single-page apps answer. */
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    const [, type, name] = /^\/(\w+)\/([\w-]+)\.wasm$/.exec(url) ?? [];
    const found = url === "/page" || type !== undefined;
    response.writeHead(found ? 200 : 404, { "content-type": type === "wasm" ? "application/wasm" : "text/html" });
    response.end(type === undefined ? "<!doctype html>" : bytesOf(name!));
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
afterEach(() => {
  Reflect.deleteProperty(globalThis, "crossOriginIsolated");
  vi.restoreAllMocks();
});

test.each<[form: string, () => Parameters<typeof moduleOf>[0]]>([
  ["a URL of a file", () => fileOf("simd")],
  ["a URL of a server", () => new URL(`${base}/wasm/simd.wasm`)],
  ["a server that does not know the type", () => new URL(`${base}/html/simd.wasm`)],
  ["a string", () => `${base}/wasm/simd.wasm`],
  ["a Response", () => new Response(bytesOf("simd"), { headers: { "content-type": "application/wasm" } })],
  ["a Response of no type", () => new Response(bytesOf("simd"))],
  ["what fetch gives", () => fetch(`${base}/wasm/simd.wasm`)],
  ["an ArrayBuffer", () => bytesOf("simd").buffer],
  ["a Uint8Array", () => bytesOf("simd")],
  ["a Buffer somewhere in its pool", () => readFileSync(fileOf("simd"))],
  ["a module", () => new WebAssembly.Module(bytesOf("simd"))],
])("%s", async (_, given) => {
  expect(buildOf(await moduleOf(given()))).toEqual({ build: "simd", shared: false });
});

test.each(["simd", "relaxed", "simd-threads", "relaxed-threads"])("%s is run as what it is", async (name) => {
  const [build, threads] = name.split("-");
  const wanted = await scenarios[0]!.run(await wasm({ build: build as "simd", threads: 1 }));
  const backend = await wasm({ binary: bytesOf(name), threads: 2 });
  expect(backend.info).toMatchObject({ build, threads: threads === undefined ? 1 : 2 });
  expect(backend.info.notes).toEqual(
    threads === undefined ? [`one thread: binary is made for one; give binaries/${build}-threads.wasm`] : [],
  );
  expect(await scenarios[0]!.run(backend)).toEqual(wanted);
  await backend.close();
  const alone = await wasm({ binary: bytesOf(name), threads: 1 });
  expect(alone.info).toMatchObject({ build, threads: 1, notes: [] });
  expect(await scenarios[0]!.run(alone)).toEqual(wanted);
});

test("a function is told what fits here", async () => {
  const names: BinaryName[] = [];
  const binary = (name: BinaryName): URL => {
    names.push(name);
    return fileOf(name);
  };
  for (const options of [{ threads: 2 }, { threads: 1, build: "simd" }] as const)
    await (await wasm({ binary, ...options })).close();
  expect(names).toEqual(["relaxed-threads", "simd"]);
});

test("wrong ones say what is wrong with them", async () => {
  const used = new Response(bytesOf("simd"));
  await used.arrayBuffer();
  for (const [binary, code, text] of [
    [7, "argument", /binary is 7; give a URL, a Response/],
    [null, "argument", /binary is null/],
    ["./relaxed.wasm", "argument", /binary is ".\/relaxed.wasm"; give a whole URL.*import\.meta\.url/],
    [used, "argument", /clone\(\)/],
    [plainModule(), "argument", /not one of this package: give a file of its folder binaries/],
    [new Uint8Array(8), "backend", /binary is no WebAssembly/],
    [bytesOf("simd").subarray(0, 5000), "backend", /binary could not be compiled: CompileError/],
    [`${base}/absent`, "backend", /absent was answered with 404/],
    [`${base}/page`, "backend", /page is no WebAssembly: it begins with "<!doctype html>"; is that a server's page/],
    [new URL("http://127.0.0.1:1/a.wasm"), "backend", /a\.wasm could not be read: TypeError/],
    [fileOf("absent"), "backend", /absent\.wasm could not be read/],
    [() => Promise.reject(new Error("offline")), "backend", /the promise given as binary was rejected: Error: offline/],
  ] as const) {
    await expect(wasm({ binary: binary as never, threads: 1 })).rejects.toMatchObject({
      name: "TatamiError",
      code,
      message: expect.stringMatching(text),
    });
  }
});

test("files in a Node that is too old", async () => {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  await expect(wasm({ binary: fileOf("simd"), threads: 1 })).rejects.toThrow(/Node 20\.16, 22\.3 or later/);
});

test("one that does not fit is refused", async () => {
  await expect(wasm({ binary: fileOf("simd"), build: "relaxed", threads: 1 })).rejects.toMatchObject({
    code: "argument",
    message: 'wasm: binary is "simd"; give binaries/relaxed.wasm, or leave out build',
  });
  Object.assign(globalThis, { crossOriginIsolated: false });
  await expect(wasm({ binary: fileOf("simd-threads") })).rejects.toMatchObject({
    code: "backend",
    message: expect.stringMatching(/simd-threads, which lives in shared memory.*isolated.*give binaries\/simd\.wasm/),
  });
  vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError("invalid opcode"));
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  await expect(wasm({ binary: bytesOf("relaxed"), threads: 1 })).rejects.toMatchObject({
    code: "backend",
    message: expect.stringMatching(/no relaxed SIMD: give binaries\/simd\.wasm/),
  });
});
