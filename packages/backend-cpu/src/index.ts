/** @packageDocumentation The CPU backend of tatami: plain TypeScript, no dependency, for Node, browsers and workers. */
export { cpu } from "./cpu.ts";
export type { CpuKernel, Io, Memory } from "./kernel.ts";
