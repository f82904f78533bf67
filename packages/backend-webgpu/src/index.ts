/** @packageDocumentation The WebGPU backend of tatami: WGSL kernels, no dependency, for browsers, workers, Deno, and Node with Dawn. */
export { webgpu } from "./webgpu.ts";
export type { WebGpuBackend, WebGpuInfo, WebGpuOptions } from "./webgpu.ts";
