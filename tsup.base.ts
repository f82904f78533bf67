import type { Options } from "tsup";

/** One build for every public package: ES modules and source maps; declarations come from tsc. */
export function library(entry: string[], external: string[] = []): Options {
  return {
    entry,
    external,
    format: ["esm"],
    target: "es2023",
    dts: false,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: false,
    // "test" is no module without it.
    removeNodeProtocol: false,
  };
}
