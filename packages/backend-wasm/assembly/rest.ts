// What is needed by training, f16, convolutions of stride 2 and rarer ops. A program that calls one of these has it fetched when it is linked: another
// module on the same memory, whose kernels join those of the first in its function table.
export { heapBase } from "./run";
export { gemmColumns } from "./gemm";
export { depthwiseInputGrad, depthwiseWeightGrad } from "./depthwise";
export { gather, scatterAdd } from "./gather";
export { round, widen } from "./half";
export { maxPoolGrad } from "./maxPoolGrad";
export { argReduceColumns, argReduceRows } from "./argReduce";
export { reduceColumnsOther, reduceRowsOther } from "./reduce";
export { random } from "./random";
export { crossEntropy } from "./softmax";
export { instructRare } from "./generated/rareInstructions";
export { winogradStridedProducts } from "./winogradStrided";
export { winogradStrided3, winogradStrided3Filters, winogradStrided3Input, winogradStrided3Output } from "./winogradStrided3";
export { winogradStrided7, winogradStrided7Filters, winogradStrided7Input, winogradStrided7Output } from "./winogradStrided7";
