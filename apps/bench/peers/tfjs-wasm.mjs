/** @tensorflow/tfjs-backend-wasm in Node, where it never threads. */
import "@tensorflow/tfjs-backend-wasm";
import { createOn } from "./tfjs.mjs";

export const create = () => createOn("wasm", () => import("./tfjs-gradients-node.mjs"));
