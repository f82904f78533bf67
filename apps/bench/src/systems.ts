/** What is measured: our backends and our peers, each a module that exports `create`. */
import type { Opening } from "./runner.ts";

export interface System {
  readonly name: string;
  readonly ours: boolean;
  /** From this folder. */
  readonly module: string;
  /** The module for pages, where it is another one. */
  readonly pageModule?: string;
  readonly opening?: Omit<Opening, "threads" | "files">;
  /** With how many threads it can run, by place. */
  readonly threads: { readonly node: readonly number[]; readonly page: readonly number[] };
  /** Only these workloads; without it, all. */
  readonly only?: readonly string[];
}

const [none, one, two] = [[], [1], [1, 2]] as const;
const convolutions = ["a", "b", "c", "d", "e", "f", "g"];

export const systems: readonly System[] = [
  { name: "wasm", ours: true, module: "./ours/wasm.ts", threads: { node: two, page: two } },
  {
    name: "wasm-strict",
    ours: true,
    module: "./ours/wasm.ts",
    opening: { precision: "strict" },
    threads: { node: one, page: none },
    only: convolutions,
  },
  {
    name: "wasm-simd",
    ours: true,
    module: "./ours/wasm.ts",
    opening: { build: "simd" },
    threads: { node: one, page: none },
    only: [...convolutions, "matmul", "dense", "lenet32", "resnet18"],
  },
  { name: "cpu", ours: true, module: "./ours/cpu.ts", threads: { node: one, page: none } },
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
    threads: { node: one, page: none },
  },
  { name: "ort-node", ours: false, module: "../peers/ort-node.mjs", threads: { node: two, page: none } },
];

/** Whose program it is: systems of one family (both onnxruntimes, both of tfjs) share code, and count once where answers are compared. */
export const kinOf = ({ name }: System): string => name.split("-")[0]!;

/** The peers that a page can use too: against the faster of them our goals are set. */
export const webPeers: readonly string[] = ["ort-web", "tfjs-wasm"];

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

export type Part = "node" | "node2" | "page";

/** The columns of a part: in those of two threads ours runs with one as well. */
export function entriesOf(part: Part, names: ReadonlySet<string>): Entry[] {
  const place = part === "page" ? "page" : "node";
  const wanted = part === "node" ? [1] : [2];
  return systems
    .filter(({ name }) => names.has(name))
    .flatMap((system) => {
      const can = system.threads[place];
      const counts = part !== "node" && system.name === "wasm" ? [1, 2] : wanted;
      return counts.filter((count) => can.includes(count)).map((count) => entryOf(system, count));
    });
}
