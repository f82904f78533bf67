/** @packageDocumentation Optimisers, fit, datasets and checkpoints; files and the terminal are in `./node`. */
export * from "./augment.ts";
export * from "./checkpoint.ts";
export * from "./clip.ts";
export type { ArrayData, Batch, Dataset, Sample, Samples, Values } from "./dataset.ts";
export { checkNames } from "./names.ts";
export { fit, untilTheEnd, type Training } from "./fit.ts";
export type { Callbacks, CheckpointOptions, EpochReport, FitOptions, StepReport } from "./fit-options.ts";
export * from "./idx.ts";
export { accuracy, measure, type Measure, type MeasureOptions } from "./measure.ts";
export { adam, adamw, type AdamOptions } from "./optim/adam.ts";
export type { Optimizer, Update } from "./optim/optimizer.ts";
export { sgd, type SgdOptions } from "./optim/sgd.ts";
export * from "./safetensors.ts";
export * from "./schedule.ts";
