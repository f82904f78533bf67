/** jax-js on its webgpu device, in a page. */
import { createOn } from "./jax-js.mjs";

export const create = () => createOn("webgpu");
