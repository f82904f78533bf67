/**
 * @packageDocumentation The WebAssembly backend as nothing but JavaScript, for where a file beside it cannot be: one script, a
 * single file page, an extension. It fetches nothing and knows no place. One thread, the one that calls.
 */
import type { Build } from "./binary.ts";
import { open, type WasmBackend, type WasmOptions } from "./open.ts";

export type { BinaryName, Build } from "./binary.ts";
export type { Binary } from "./given.ts";
export type { WasmBackend, WasmInfo, WasmOptions } from "./open.ts";

/** tsup makes them base64. A bundler that splits leaves out of the first download the one that does not run here. */
const binaries: Readonly<Record<Build, () => Promise<{ readonly default: string }>>> = {
  simd: () => import("../binaries/simd.wasm"),
  relaxed: () => import("../binaries/relaxed.wasm"),
};

async function load(build: Build): Promise<WebAssembly.Module> {
  const { default: base64 } = await binaries[build]();
  return WebAssembly.compile(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
}

/**
 * Opens the WASM backend in the calling thread; `info.notes` says that there are no others.
 * @throws TatamiError `argument`; `backend` where WebAssembly SIMD is missing.
 */
export async function wasm(options: WasmOptions = {}): Promise<WasmBackend> {
  return open(options, { load, workers: "the inline entry has no file for workers; import @tatamijs/backend-wasm" });
}
