/** What a backend makes of a graph: which ops it runs whole, which are opened, which it declines and why. Compiles nothing. */
import type { Backend } from "@tatamijs/core/backend";
import type { Spec, Tensor } from "@tatamijs/core";
import { checkGraph, staged } from "./compile.ts";
import { checkBackend } from "./doors.ts";
import type { Graph } from "./graph.ts";
import { ask } from "./prepare.ts";
import { simplify } from "./simplify.ts";
import { specOf } from "./storage.ts";

export interface OpSupport {
  readonly op: string;
  readonly attrs: unknown;
  readonly inputs: readonly Spec[];
  readonly output: Spec;
  /** `opened`: a composite that runs as smaller ops, which are in the list too. */
  readonly status: "kernel" | "opened" | "declined";
  readonly reason?: string;
}

export interface Support {
  /** No op is declined. */
  readonly supported: boolean;
  readonly ops: readonly OpSupport[];
}

/** @throws TatamiError `input`, `state` for a graph that could not be compiled anywhere. */
export async function supports(backend: Backend, graph: Graph): Promise<Support> {
  checkBackend(backend, "supports");
  checkGraph(graph);
  const { answers, declined, opened } = await ask(staged(graph, backend), backend, simplify);
  const entry = (y: Tensor, status: OpSupport["status"], reason?: string): OpSupport => ({
    op: y.op.name,
    attrs: y.attrs,
    inputs: y.inputs.map(specOf),
    output: specOf(y),
    status,
    ...(reason === undefined ? {} : { reason }),
  });
  const refused = new Map(declined.map(({ node, reason }) => [node, reason]));
  const ops = [
    ...[...answers.keys()].map((y) => entry(y, refused.has(y) ? "declined" : "kernel", refused.get(y))),
    ...opened.map(({ node, reason }) => entry(node, "opened", reason)),
  ];
  return { supported: declined.length === 0, ops };
}
