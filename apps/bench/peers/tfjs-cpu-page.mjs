/** @tensorflow/tfjs-backend-cpu in a page. */
import "@tensorflow/tfjs-backend-cpu";
import { createOn } from "./tfjs.mjs";

export const create = () => createOn("cpu", () => import("@tensorflow/tfjs-core/dist/register_all_gradients.js"));
