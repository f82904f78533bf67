/** @packageDocumentation Optimisers, fit, datasets and checkpoints; files and the terminal are in `./node`. */
export * from "./checkpoint.ts";
export * from "./idx.ts";
export * from "./safetensors.ts";
