/** @tensorflow/tfjs-backend-wasm in a page. It takes half of the machine's cores at the most, so for two threads it is told of four. */
import { env } from "@tensorflow/tfjs-core";
import { getThreadsCount, setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { createOn } from "./tfjs.mjs";

export async function create({ threads, files }) {
  setWasmPaths(files);
  if (threads === 1) env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  else {
    Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * threads, configurable: true });
    setThreadsCount(threads);
  }
  const runner = await createOn("wasm", () => import("@tensorflow/tfjs-core/dist/register_all_gradients.js"));
  if (threads > 1 && getThreadsCount() !== threads)
    throw new Error(`asked for ${threads} threads, tfjs-wasm runs ${getThreadsCount()}`);
  return runner;
}
