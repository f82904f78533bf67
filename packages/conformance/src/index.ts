/** @packageDocumentation The conformance kit: cases as data, a float64 oracle, and what comes of them on a backend. */
export { allCases, findCase, randomCase } from "./cases.ts";
export { checkCase, type CheckOptions } from "./check.ts";
export { checkedContract, conformance, type Open, type Options } from "./conformance.ts";
export type { AttrsOf, Case, CaseBody, Fill, Meaning, Operand, Tag } from "./meaning.ts";
export { markdown, report, type Report } from "./report.ts";
export { showResult, type Check, type Result, type Status } from "./result.ts";
export { reference, type ReferenceKernel, type ReferenceOptions } from "./testing/reference.ts";
