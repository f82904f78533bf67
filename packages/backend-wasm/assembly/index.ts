// Every kernel that a program may call is an export; its name is what the TypeScript side calls it by.
export { heapBase, run } from "./run";
export { copy } from "./copy";
export { gather, scatterAdd } from "./gather";
export { round, widen } from "./half";
export { maxPool } from "./maxPool";
export { maxPoolGrad } from "./maxPoolGrad";
export { mix } from "./mix";
export { fill, move } from "./move";
