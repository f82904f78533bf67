/** onnxruntime-web, its wasm provider, in a page: the smallest entry, its two files served beside the page's. */
import * as ort from "onnxruntime-web/wasm";
import { runnerOf } from "./onnxruntime.mjs";

export async function create({ threads, files }) {
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const file = (ending) => new URL(`${files}ort-wasm-simd-threaded.${ending}`, globalThis.location.href).href;
  ort.env.wasm.wasmPaths = { mjs: file("mjs"), wasm: file("wasm") };
  return runnerOf(ort, ort.env.versions.web ?? ort.env.versions.common, { executionProviders: ["wasm"] });
}
