/** @packageDocumentation From a graph of tensors to a program on a backend: gradients, stages, sessions. Imports core. */
export { compile, type CompileOptions, type Passes } from "./compile.ts";
export { evaluate, type EvaluateOptions } from "./evaluate.ts";
export { freeze } from "./freeze.ts";
export { gradients } from "./gradients.ts";
export type { Graph, Update, Value } from "./graph.ts";
export { jit, type Build, type Jit, type JitOptions } from "./jit.ts";
export type { Memory, Place, Plan, PlanStep } from "./plan.ts";
export { print } from "./print.ts";
export { Program, type Given } from "./program.ts";
export { openSession, Session } from "./session.ts";
export { supports, type OpSupport, type Support } from "./supports.ts";
