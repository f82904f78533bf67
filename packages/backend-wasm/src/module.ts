/** Which of the four builds runs here, and how it becomes an instance. */
import { TatamiError } from "@tatamijs/core/backend";

export type Build = "simd" | "relaxed";

/** A module whose only instruction is f32x4.relaxed_madd: it validates where the relaxed build does. */
// prettier-ignore
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133, 2, 11,
]);

export function hasRelaxed(): boolean {
  return WebAssembly.validate(relaxedProbe);
}

interface NodeFiles {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>;
}

const urls: Readonly<Record<Build, Readonly<Record<"alone" | "threads", () => URL>>>> = {
  simd: {
    alone: () => new URL("../binaries/simd.wasm", import.meta.url),
    threads: () => new URL("../binaries/simd-threads.wasm", import.meta.url),
  },
  relaxed: {
    alone: () => new URL("../binaries/relaxed.wasm", import.meta.url),
    threads: () => new URL("../binaries/relaxed-threads.wasm", import.meta.url),
  },
};

/** @throws TatamiError `backend` when the file cannot be had or is no WebAssembly. */
export async function load(build: Build, threads: boolean): Promise<WebAssembly.Module> {
  const url = urls[build][threads ? "threads" : "alone"]();
  try {
    if (url.protocol === "file:") {
      // Asked for at run time, so that no bundler looks for it.
      const { process } = globalThis as unknown as { process: { getBuiltinModule(name: "node:fs"): NodeFiles } };
      const { readFileSync } = process.getBuiltinModule("node:fs");
      return await WebAssembly.compile(readFileSync(url));
    }
    return await WebAssembly.compileStreaming(fetch(url));
  } catch (cause) {
    throw new TatamiError(
      "backend",
      `the binary ${url.href} could not be loaded; run pnpm build, or give wasm({ binary })`,
      {
        op: "wasm",
        cause,
      },
    );
  }
}
