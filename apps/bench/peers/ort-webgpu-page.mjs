/** onnxruntime-web, its webgpu provider, in a page. */
import * as ort from "onnxruntime-web/webgpu";
import { onnxOf } from "../src/onnx.ts";
import { runnerOf } from "./onnxruntime.mjs";

/** A tensor in the memory of the device that a session has made. */
async function onDevice(values, dims) {
  const device = await ort.env.webgpu.device;
  const buffer = device.createBuffer({
    size: Math.ceil(values.byteLength / 16) * 16,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  device.queue.writeBuffer(buffer, 0, values);
  return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims });
}

export async function create({ files }) {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  const file = (ending) => new URL(`${files}ort-wasm-simd-threaded.asyncify.${ending}`, globalThis.location.href).href;
  ort.env.wasm.wasmPaths = { mjs: file("mjs"), wasm: file("wasm") };
  // Its wasm and its device come with the first session: with this one, so that no first run pays for the loading.
  const nothing = onnxOf({ input: [1, 1, 1, 1], layers: [{ kind: "flatten", from: 0 }] });
  await ort.InferenceSession.create(nothing, { executionProviders: ["webgpu"] });
  return runnerOf(ort, ort.env.versions.web ?? ort.env.versions.common, { executionProviders: ["webgpu"] }, onDevice);
}
