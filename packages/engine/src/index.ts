/** @packageDocumentation From a graph of tensors to a program on a backend: gradients, stages, sessions. Imports core. */
export { compile, type CompileOptions } from "./compile.ts";
export { evaluate, type EvaluateOptions } from "./evaluate.ts";
export { gradients } from "./gradients.ts";
export type { Graph, Update, Value } from "./graph.ts";
export type { Memory, Place, Plan, PlanStep } from "./plan.ts";
export { Program, type Given } from "./program.ts";
export { openSession, Session } from "./session.ts";
