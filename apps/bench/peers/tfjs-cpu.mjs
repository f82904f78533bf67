/** @tensorflow/tfjs-backend-cpu, in Node. */
import "@tensorflow/tfjs-backend-cpu";
import { createOn } from "./tfjs.mjs";

export const create = () => createOn("cpu", () => import("./tfjs-gradients-node.mjs"));
