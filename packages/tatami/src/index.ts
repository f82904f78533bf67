/** @packageDocumentation tatami in one import: functions, `nn`, `open`, `compile`, `evaluate`, `fit`, `load`, `save`. */
export * from "@tatamijs/core";
export * as nn from "@tatamijs/nn";
export { summary, type Loss } from "@tatamijs/nn";
export { freeze, gradients, openSession, print, supports, type Session, type Value } from "@tatamijs/engine";
export {
  adam,
  adamw,
  clipNorm,
  clipValue,
  constantLr,
  cosine,
  decodeCheckpoint,
  encodeCheckpoint,
  exponentialLr,
  inTurn,
  multiStepLr,
  oneCycle,
  randomAffine,
  randomFlip,
  readSafetensors,
  sgd,
  stepLr,
  warmup,
  writeSafetensors,
} from "@tatamijs/train";
export type {
  Augment,
  Checkpoint,
  Dataset,
  EpochReport,
  Measure,
  Optimizer,
  Sample,
  Schedule,
  StepReport,
  Training,
} from "@tatamijs/train";
export {
  compile,
  evaluate,
  type CompileOptions,
  type EvaluateOptions,
  type Given,
  type Layouts,
  type Predict,
} from "./compile.ts";
export { accuracy, fit, measure, type FitOptions, type MeasureOptions } from "./fit.ts";
export { open, type BackendChoice, type BackendName, type OpenedBackend, type Report } from "./open.ts";
export { load, save } from "./weights.ts";
