/** @packageDocumentation The conformance kit: cases as data, a float64 oracle, and what comes of them on a backend. */
export type { PublicCall, TensorArgument } from "./calls.ts";
export { allCases, findCase, randomCase } from "./cases.ts";
export { checkCase, type CheckOptions } from "./check.ts";
export { checkedContract, chosen, conformance, type Item, type Open, type Options } from "./conformance.ts";
export type { Law } from "./laws/sentences.ts";
export type { AttrsOf, Case, CaseBody, Fill, Meaning, Operand, OpKit, Tag } from "./meaning.ts";
export { markdown, report, type Report } from "./report.ts";
export { showResult, type Check, type Result, type Status } from "./result.ts";
export { supports, type Support, type SupportOptions } from "./supports.ts";
export { brokenBackends, type Broken } from "./testing/broken.ts";
export { reference, type ReferenceKernel, type ReferenceOptions } from "./testing/reference.ts";
export { trace } from "./trace.ts";
export type { Value } from "./value.ts";
