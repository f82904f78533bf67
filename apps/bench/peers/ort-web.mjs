/** onnxruntime-web, its wasm provider, in Node: two threads work from the package's main entry alone. */
import * as ort from "onnxruntime-web";
import { runnerOf } from "./onnxruntime.mjs";

export async function create({ threads }) {
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  return runnerOf(ort, ort.env.versions.web ?? ort.env.versions.common, { executionProviders: ["wasm"] });
}
