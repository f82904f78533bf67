import { wasm, type WasmOptions } from "@tatamijs/backend-wasm";
import type { Opening, Runner } from "../runner.ts";
import { runnerOf } from "./runner.ts";

/** tatami on its WASM backend. */
export async function create({ threads, precision, build }: Opening): Promise<Runner> {
  const options: WasmOptions = { threads, precision, build, worker: false };
  return runnerOf(async () => {
    const backend = await wasm(options);
    const { variant } = backend.traits;
    if (threads > 1 && !variant.includes(`${threads} threads`)) {
      await backend.close();
      throw new Error(`asked for ${threads} threads, the backend is "${variant}"`);
    }
    return backend;
  });
}
