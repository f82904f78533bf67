/** The package's own binaries, as files beside it. */
import { TatamiError } from "@tatamijs/core/backend";
import { fetched, type Build, type BinaryName, type PartName } from "./binary.ts";

/** Each literally, where bundlers look for them. */
const urls: Readonly<Record<Exclude<BinaryName, Build> | PartName, () => URL>> = {
  "simd-first": () => new URL("../binaries/simd-first.wasm", import.meta.url),
  "simd-rest": () => new URL("../binaries/simd-rest.wasm", import.meta.url),
  "simd-threads": () => new URL("../binaries/simd-threads.wasm", import.meta.url),
  "relaxed-first": () => new URL("../binaries/relaxed-first.wasm", import.meta.url),
  "relaxed-rest": () => new URL("../binaries/relaxed-rest.wasm", import.meta.url),
  "relaxed-threads": () => new URL("../binaries/relaxed-threads.wasm", import.meta.url),
};

/**
 * Threads have all in one file, since they are in it until they end; one thread has what it needs to predict.
 * @throws TatamiError `backend` when the file cannot be had or is no WebAssembly.
 */
export function load(build: Build, shared: boolean): Promise<WebAssembly.Module> {
  return file(`${build}-${shared ? "threads" : "first"}`);
}

/** What `load` leaves out for one thread. @throws as `load`. */
export function loadRest(build: Build): Promise<WebAssembly.Module> {
  return file(`${build}-rest`);
}

async function file(name: keyof typeof urls): Promise<WebAssembly.Module> {
  try {
    return await fetched(urls[name]());
  } catch (error) {
    const why = error instanceof TatamiError ? error.text : String(error);
    throw new TatamiError(
      "backend",
      `${why}. A bundler or server must carry the package's folder binaries along; else give wasm({ binary }), or import @tatamijs/backend-wasm/inline`,
      { op: "wasm", cause: error },
    );
  }
}
