/** @packageDocumentation The WebAssembly backend of tatami: SIMD kernels, no dependency, for Node, browsers and workers. */
export { wasm, type WasmBackend, type WasmInfo, type WasmOptions } from "./wasm.ts";
export type { Build } from "./module.ts";
