/** What the public functions are given, checked where it comes in: past these doors everything is what its type says. */
import { isTensor, type Tensor, wrongArgument } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import type { Graph } from "./graph.ts";

const has = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === "object" && value !== null && names.every((name) => name in value);

/** @throws TatamiError `argument`. */
export function checkTensors(value: unknown, op: string, name: string): asserts value is readonly Tensor[] {
  if (!Array.isArray(value)) throw wrongArgument(op, name, value, "an array of tensors");
  const at = value.findIndex((x) => !isTensor(x));
  if (at >= 0) throw wrongArgument(op, `${name}[${at}]`, value[at], "a tensor");
}

/** @throws TatamiError `argument`. */
export function checkGraphRecord(value: unknown, op: string): asserts value is Graph {
  const graph = value as Partial<Graph>;
  if (!has(value, "inputs", "outputs")) throw wrongArgument(op, "graph", value, "{ inputs, outputs, updates? }");
  checkTensors(graph.inputs, op, "graph.inputs");
  checkTensors(graph.outputs, op, "graph.outputs");
  const updates: unknown = graph.updates ?? [];
  if (!Array.isArray(updates)) throw wrongArgument(op, "graph.updates", updates, "an array of [state, value]");
  for (const [k, update] of updates.entries()) checkTensors(update, op, `graph.updates[${k}]`);
  const odd = updates.findIndex((update: readonly Tensor[]) => update.length !== 2);
  if (odd >= 0) throw wrongArgument(op, `graph.updates[${odd}]`, updates[odd], "[state, value]");
}

/** @throws TatamiError `argument`. */
export function checkBackend(value: unknown, op: string): asserts value is Backend {
  if (has(value, "kernels", "traits", "link", "alloc", "lost")) return;
  throw wrongArgument(op, "backend", value, "an open backend, such as cpu() (a promise of one must be awaited)");
}

/** @throws TatamiError `argument`. */
export function checkSession(value: unknown, op: string): void {
  if (!has(value, "backend", "exclusive")) throw wrongArgument(op, "session", value, "what openSession(backend) made");
}

/** Options left out are {}. @throws TatamiError `argument`. */
export function checkRecord(value: unknown, op: string, name: string): void {
  if (typeof value !== "object" || value === null) throw wrongArgument(op, name, value, "an object");
}
