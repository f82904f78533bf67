/** The package's own binaries, as files beside it. */
import { TatamiError } from "@tatamijs/core/backend";
import { fetched, nameOf, type BinaryName, type Build } from "./binary.ts";

/** Each literally, where bundlers look for them. */
const urls: Readonly<Record<BinaryName, () => URL>> = {
  simd: () => new URL("../binaries/simd.wasm", import.meta.url),
  "simd-threads": () => new URL("../binaries/simd-threads.wasm", import.meta.url),
  relaxed: () => new URL("../binaries/relaxed.wasm", import.meta.url),
  "relaxed-threads": () => new URL("../binaries/relaxed-threads.wasm", import.meta.url),
};

/** @throws TatamiError `backend` when the file cannot be had or is no WebAssembly. */
export async function load(build: Build, shared: boolean): Promise<WebAssembly.Module> {
  try {
    return await fetched(urls[nameOf({ build, shared })]());
  } catch (error) {
    const { message } = error as Error;
    throw new TatamiError(
      "backend",
      `${message.replace(/^wasm: /, "")}. A bundler or server must carry the package's folder binaries along; else give wasm({ binary }), or import @tatamijs/backend-wasm/inline`,
      { op: "wasm", cause: error },
    );
  }
}
