/** Graphs as the runner needs them: in order, with the composites opened that a backend has no kernel for. */
import {
  expansion,
  type Declined,
  type Kernel,
  type OpName,
  type Operand,
  type Prepare,
  type Tensor,
} from "@tatamijs/core";
import { isDeclined } from "@tatamijs/core/backend";
import type { AnyBackend } from "./memory.ts";

/** One kernel to run: the node that it computes, and the nodes that hold its operands. */
export interface Task {
  readonly node: Tensor;
  readonly kernel: Kernel;
  readonly inputs: readonly Tensor[];
}

export interface Prepared {
  readonly tasks: readonly Task[];
  readonly leaves: readonly Tensor[];
  /** Which node holds the value of an output, after opening. */
  readonly outputs: readonly Tensor[];
  /** Composites that were opened, and why. */
  readonly opened: readonly { readonly node: Tensor; readonly reason: string }[];
  /** Primitives that the backend declined. */
  readonly declined: readonly { readonly node: Tensor; readonly reason: string }[];
}

export interface PrepareOptions {
  /** Open composites although there is a kernel. */
  readonly open?: boolean;
  /** Give the kernels small operands as constants. */
  readonly data?: (leaf: Tensor) => Operand["data"];
  /** Say of all operands but the first that they are the same in every run. */
  readonly fixed?: boolean;
}

export async function prepare(
  backend: AnyBackend,
  outputs: readonly Tensor[],
  options: PrepareOptions = {},
): Promise<Prepared> {
  const tasks: Task[] = [];
  const leaves: Tensor[] = [];
  const opened: { node: Tensor; reason: string }[] = [];
  const declined: { node: Tensor; reason: string }[] = [];
  /** Where a node's value is held: itself, or the root of its expansion. */
  const held = new Map<Tensor, Tensor>();
  const answers = new Map<Tensor, Kernel | Declined>();
  const stack: Tensor[] = [...outputs].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (held.has(node)) {
      stack.pop();
      continue;
    }
    if (node.op.kind === "primitive" && node.op.leaf !== undefined) {
      leaves.push(node);
      held.set(node, node);
      continue;
    }
    if (!answers.has(node)) answers.set(node, await ask(backend, node, options));
    const answer = answers.get(node)!;
    const open = node.op.kind === "composite" && isDeclined(answer);
    const needs = open ? [expansion(node)] : node.inputs;
    const missing = needs.filter((need) => !held.has(need));
    if (missing.length > 0) {
      stack.push(...missing.reverse());
      continue;
    }
    if (open) {
      held.set(node, held.get(needs[0]!)!);
      opened.push({ node, reason: answer.declined });
    } else {
      held.set(node, node);
      if (isDeclined(answer)) declined.push({ node, reason: answer.declined });
      else tasks.push({ node, kernel: answer, inputs: node.inputs.map((x) => held.get(x)!) });
    }
  }
  return { tasks, leaves, outputs: outputs.map((y) => held.get(y)!), opened, declined };
}

async function ask(
  backend: AnyBackend,
  node: Tensor,
  { open, data, fixed }: PrepareOptions,
): Promise<Kernel | Declined> {
  const name = node.op.name as OpName;
  if (open === true && node.op.kind === "composite") return { declined: "opened on purpose" };
  const kernel = (backend.kernels as Readonly<Record<string, Prepare<OpName, Kernel> | undefined>>)[name];
  if (kernel === undefined) return { declined: `${backend.name} has no kernel for ${name}` };
  const plain = ({ shape, dtype }: Tensor): Operand => ({ shape: [...shape], dtype });
  const inputs = node.inputs.map((x, k): Operand => {
    const constant = data?.(x);
    return {
      ...plain(x),
      ...(constant === undefined ? {} : { data: constant }),
      ...(fixed === true && k > 0 ? { fixed: true } : {}),
    };
  });
  return kernel({ op: name, attrs: node.attrs as never, inputs, output: plain(node) });
}
