// Every kernel that a program may call is an export; its name is what the TypeScript side calls it by.
export { heapBase, run, work } from "./run";
export { border, pack, turn } from "./pack";
export { copy } from "./copy";
export { gemm, gemmColumns } from "./gemm";
export { axpy, dot } from "./dense";
export { winograd, winogradFilters, winogradInput, winogradOutput, winogradProducts } from "./winograd";
export { depthwise, depthwiseInputGrad, depthwiseWeightGrad } from "./depthwise";
export { chain, chainSum, combine } from "./elementwise";
export { gather, scatterAdd } from "./gather";
export { round, widen } from "./half";
export { maxPool } from "./maxPool";
export { maxPoolGrad } from "./maxPoolGrad";
export { mix } from "./mix";
export { fill, move } from "./move";
export { argReduceColumns, argReduceRows, reduceColumns, reduceRows } from "./reduce";
export { random } from "./random";
export { crossEntropy, softmaxColumns, softmaxRows } from "./softmax";
