/** What a page of the cold start has before its clock runs: LeNet's weights in each form, an image. Not part of any download. */
import { onnxOf } from "./onnx.ts";
import type { Task } from "./runner.ts";
import { netFirst } from "./shapes.ts";
import { taskOf } from "./workloads.ts";

const given = taskOf("lenet1");

/** For peers; `model` for those that read .onnx. */
export const task: Task & { readonly model: Uint8Array } = { ...given, model: onnxOf(given.net) };

/** For us: nn.sequential's names, which count the activations too. */
export const weights: Map<string, Float32Array> = new Map();
let at = 0;
for (const layer of netFirst(given.net).layers) {
  if (layer.kind === "conv" || layer.kind === "linear") {
    weights.set(`${at}.weight`, layer.weights);
    weights.set(`${at}.bias`, layer.bias!);
  }
  at += (layer.kind === "conv" || layer.kind === "linear") && layer.activation !== "none" ? 2 : 1;
}
