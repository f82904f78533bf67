/** @packageDocumentation The WebAssembly backend of tatami: SIMD kernels, no dependency, for Node, browsers and workers. */
export { wasm, type WasmOptions } from "./wasm.ts";
export type { WasmKernel } from "./kernel.ts";
export type { Build } from "./module.ts";
