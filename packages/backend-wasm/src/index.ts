/** @packageDocumentation The WebAssembly backend of tatami: SIMD kernels, no dependency, for Node, browsers and workers. */
export { wasm } from "./wasm.ts";
export type { WasmBackend, WasmInfo, WasmOptions } from "./open.ts";
export type { BinaryName, Build } from "./binary.ts";
export type { Binary } from "./given.ts";
