/** @packageDocumentation Layers, initialisers and losses. Meant to be read as a namespace: `nn.conv2d(1, 8, 5)`. */
export * from "./context.ts";
export * from "./generator.ts";
export * from "./init.ts";
export * from "./layers/activation.ts";
export * from "./layers/batchNorm.ts";
export * from "./layers/conv.ts";
export * from "./layers/dropout.ts";
export * from "./layers/linear.ts";
export * from "./layers/norm.ts";
export * from "./layers/pool.ts";
export * from "./layers/sequential.ts";
export type { WeightOptions } from "./layers/weights.ts";
export * from "./losses.ts";
export * from "./module.ts";
export * from "./state.ts";
export * from "./summary.ts";
