/** What is measured: our backends and our peers, each a module that exports `create`. */
import type { Opening } from "./runner.ts";

type Place = "node" | "page" | "gpu";

export interface System {
  readonly name: string;
  readonly ours: boolean;
  /** From this folder. */
  readonly module: string;
  /** The module for pages, where it is another one. */
  readonly pageModule?: string;
  readonly opening?: Omit<Opening, "threads" | "files">;
  /** With how many threads it can run, by place; on a GPU it has one. */
  readonly threads: { readonly [place in Place]?: readonly number[] };
  /** Only where it is asked for by name. */
  readonly asked?: true;
  /** Only these workloads; without it, all. */
  readonly only?: readonly string[];
}

const [one, two] = [[1], [1, 2]] as const;
const convolutions = ["a", "b", "c", "d", "e", "f", "g"];

export const systems: readonly System[] = [
  { name: "wasm", ours: true, module: "./ours/wasm.ts", threads: { node: two, page: two } },
  {
    name: "wasm-strict",
    ours: true,
    module: "./ours/wasm.ts",
    opening: { precision: "strict" },
    threads: { node: one },
    only: convolutions,
  },
  {
    name: "wasm-simd",
    ours: true,
    module: "./ours/wasm.ts",
    opening: { build: "simd" },
    threads: { node: one },
    only: [...convolutions, "matmul", "dense", "lenet32", "resnet18"],
  },
  { name: "cpu", ours: true, module: "./ours/cpu.ts", threads: { node: one } },
  {
    name: "ort-web",
    ours: false,
    module: "../peers/ort-web.mjs",
    pageModule: "../peers/ort-web-page.mjs",
    threads: { node: two, page: two },
  },
  {
    name: "tfjs-wasm",
    ours: false,
    module: "../peers/tfjs-wasm.mjs",
    pageModule: "../peers/tfjs-wasm-page.mjs",
    threads: { node: one, page: two },
  },
  { name: "jax-js", ours: false, module: "../peers/jax-js.mjs", threads: { node: one, page: [2] } },
  {
    name: "tfjs-cpu",
    ours: false,
    module: "../peers/tfjs-cpu.mjs",
    pageModule: "../peers/tfjs-cpu-page.mjs",
    threads: { node: one },
  },
  { name: "ort-node", ours: false, module: "../peers/ort-node.mjs", threads: { node: two } },
  { name: "webgpu", ours: true, module: "./ours/webgpu.ts", threads: { gpu: one } },
  ...(["direct", "gpu"] as const).map((profile): System => ({
    name: `webgpu-${profile}`,
    ours: true,
    module: "./ours/webgpu.ts",
    opening: { profile },
    threads: { gpu: one },
    asked: true,
  })),
  {
    name: "webgpu-strict",
    ours: true,
    module: "./ours/webgpu.ts",
    opening: { precision: "strict" },
    threads: { gpu: one },
    asked: true,
  },
  { name: "tfjs-webgpu", ours: false, module: "../peers/tfjs-webgpu-page.mjs", threads: { gpu: one } },
  { name: "ort-webgpu", ours: false, module: "../peers/ort-webgpu-page.mjs", threads: { gpu: one } },
  { name: "jax-webgpu", ours: false, module: "../peers/jax-webgpu-page.mjs", threads: { gpu: one } },
];

/** Whose program it is: systems of one family (both onnxruntimes, both of tfjs) share code, and count once where answers are compared. */
export const kinOf = ({ name }: System): string => name.split("-")[0]!;

/** The peers that a page can use too: against the faster of them our goals are set. (Those of WebGPU meet nothing but WebGPU.) */
export const webPeers: readonly string[] = ["ort-web", "tfjs-wasm", "tfjs-webgpu", "ort-webgpu", "jax-webgpu"];

/** A system with a number of threads: a column of the table. */
export interface Entry {
  readonly id: string;
  readonly system: System;
  readonly threads: number;
}

export const entryOf = (system: System, threads: number): Entry => ({
  id: threads === 1 ? system.name : `${system.name} ×${threads}`,
  system,
  threads,
});

export type Part = "node" | "node2" | "page" | "webgpu";

const placeOf = (part: Part): Place => (part === "webgpu" ? "gpu" : part === "page" ? "page" : "node");

/** What can run in a part. */
export const systemsOf = (part: Part): System[] =>
  systems.filter(({ threads }) => threads[placeOf(part)] !== undefined);

/** The columns of a part: in those of two threads ours runs with one as well. */
export function entriesOf(part: Part, names: ReadonlySet<string>): Entry[] {
  const wanted = part === "node" || part === "webgpu" ? [1] : [2];
  return systemsOf(part)
    .filter(({ name }) => names.has(name))
    .flatMap((system) => {
      const can = system.threads[placeOf(part)]!;
      const counts = wanted[0] === 2 && system.name === "wasm" ? [1, 2] : wanted;
      return counts.filter((count) => can.includes(count)).map((count) => entryOf(system, count));
    });
}
