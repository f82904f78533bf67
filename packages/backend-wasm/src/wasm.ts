/** The entry whose binaries and workers are files of the package. */
import { load, loadRest } from "./module.ts";
import { open, type WasmBackend, type WasmOptions } from "./open.ts";

/**
 * Opens the WASM backend. Workers that cannot be started are done without, and `info.notes` says why. When one is lost later,
 * the backend goes on with one thread; only a run that was waiting for it fails, at the next read, within 5 s.
 * @throws TatamiError `argument`; `backend` where WebAssembly SIMD is missing, or the binary cannot be had or does not run here.
 */
export async function wasm(options: WasmOptions = {}): Promise<WasmBackend> {
  return open(options, {
    load,
    loadRest,
    workers: {
      host: () => new Worker(new URL("../workers/host.js", import.meta.url), { type: "module", name: "tatami-host" }),
      starters: () => import("./starters.ts"),
    },
  });
}
