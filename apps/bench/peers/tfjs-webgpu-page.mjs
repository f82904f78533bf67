/** @tensorflow/tfjs-backend-webgpu in a page. Left to itself it computes small ops on the processor. */
import { env } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-webgpu";
import { createOn } from "./tfjs.mjs";

export async function create() {
  env().set("WEBGPU_CPU_FORWARD", false);
  return createOn("webgpu", () => import("@tensorflow/tfjs-core/dist/register_all_gradients.js"));
}
