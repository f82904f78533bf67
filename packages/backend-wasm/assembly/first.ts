// What a network needs that predicts. Of a backend with one thread this alone is fetched when it is opened; see rest.ts.
export { heapBase, run, work } from "./run";
export { border, pack, turn } from "./pack";
export { copy } from "./copy";
export { gemm } from "./gemm";
export { axpy, dot } from "./dense";
export { winograd, winogradFilters, winogradInput, winogradOutput, winogradProducts } from "./winograd";
export { depthwise } from "./depthwise";
export { chain, chainSum, combine } from "./elementwise";
export { maxPool } from "./maxPool";
export { mix } from "./mix";
export { fill, move } from "./move";
export { reduceColumns, reduceRows } from "./reduce";
export { softmaxColumns, softmaxRows } from "./softmax";
