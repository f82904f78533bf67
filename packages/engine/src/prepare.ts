/**
 * Asks the backend for a kernel for every node. A composite that it declines is opened and what comes out is asked again;
 * a primitive that it declines is an error, and one error lists them all: nothing moves to another backend in silence.
 */
import { isDeclined, type Backend, type Call, type Declined, type Kernel, type Operand } from "@tatamijs/core/backend";
import { expansion, showShape, siteLine, TatamiError, type Tensor } from "@tatamijs/core";
import { isLeaf, onceNodes, rewrite, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { specOf } from "./storage.ts";

/** A graph whose nodes have kernels. A node without one is a leaf, or keeps its operand's address. */
export interface Prepared {
  readonly graph: Graph;
  readonly kernels: Map<Tensor, Kernel>;
}

/** Constants up to this many elements are shown to `prepare`. */
const smallConstant = 64;

/** What the backend said to each node it was asked about; `undefined`: it has no such kernel. */
export type Answers = Map<Tensor, Kernel | Declined>;

/** @throws TatamiError `backend`, listing every declined op. */
export async function prepare(
  graph: Graph,
  backend: Backend,
  simplify: (graph: Graph) => Graph = (g) => g,
): Promise<Prepared> {
  const { graph: final, answers, declined } = await ask(graph, backend, simplify);
  if (declined.length > 0) throw refusal(backend, declined);
  return { graph: final, kernels: answers as Map<Tensor, Kernel> };
}

export interface Asked {
  readonly graph: Graph;
  readonly answers: Answers;
  /** Primitives without a kernel. */
  readonly declined: readonly { readonly node: Tensor; readonly reason: string }[];
  /** Composites that were opened. */
  readonly opened: readonly { readonly node: Tensor; readonly reason: string }[];
}

export async function ask(graph: Graph, backend: Backend, simplify: (graph: Graph) => Graph): Promise<Asked> {
  const answers: Answers = new Map();
  const opened: { node: Tensor; reason: string }[] = [];
  let current = graph;
  for (;;) {
    const nodes = topological(rootsOf(current)).filter((y) => !isLeaf(y) && !keepsAddress(y, backend));
    const asked = nodes.filter((y) => !answers.has(y));
    const fixed = onceNodes(current);
    const said = await Promise.all(asked.map((y) => answer(y, backend, fixed)));
    said.forEach((kernel, i) => answers.set(asked[i]!, kernel));
    const wide = asked.filter((y) => y.op.kind === "composite" && isDeclined(answers.get(y)!));
    const reasons = (some: readonly Tensor[]): Asked["declined"] =>
      some.map((node) => ({ node, reason: (answers.get(node) as Declined).declined }));
    opened.push(...reasons(wide));
    if (wide.length === 0) {
      const here = new Set(nodes);
      const declined = reasons(nodes.filter((y) => isDeclined(answers.get(y)!)));
      for (const y of answers.keys()) if (!here.has(y)) answers.delete(y);
      return { graph: current, answers, declined, opened };
    }
    const open = new Set(wide);
    current = simplify(openAll(current, (y) => open.has(y)));
  }
}

/** Replaces composites by what they mean, one level. */
export function openAll(graph: Graph, which: (y: Tensor) => boolean): Graph {
  return rewrite(graph, (y, inputs) => {
    const now = withInputs(y, inputs);
    return y.op.kind === "composite" && which(y) ? expansion(now) : now;
  });
}

/** A reshape that the backend lets keep its operand's address: no kernel, no step. */
export function keepsAddress(y: Tensor, backend: Backend): boolean {
  return y.op.alias === true && backend.aliases(specOf(y.inputs[0]!), specOf(y));
}

/** The kernel for a node, or why there is none. `fixed`: the nodes whose value is the same in every run. */
export async function answer(y: Tensor, backend: Backend, fixed?: ReadonlySet<Tensor>): Promise<Kernel | Declined> {
  const kernels = backend.kernels as Readonly<
    Record<string, ((call: Call) => Kernel | Declined | Promise<Kernel | Declined>) | undefined>
  >;
  const make = kernels[y.op.name];
  if (make === undefined) return { declined: `${backend.name} has no kernel for ${y.op.name}` };
  return make(callOf(y, fixed));
}

/** Plain data: a node passes for a spec and then fails to be cloned to a worker. */
function callOf(y: Tensor, fixed: ReadonlySet<Tensor> | undefined): Call {
  const inputs = y.inputs.map((x): Operand => {
    const small = x.op.leaf === "constant" && x.data!.length <= smallConstant;
    return { ...specOf(x), fixed: fixed?.has(x), ...(small ? { data: x.data! } : {}) };
  });
  return { op: y.op.name, attrs: y.attrs, inputs, output: specOf(y) } as unknown as Call;
}

/** One error for all. */
export function refusal(
  backend: Backend,
  declined: readonly { readonly node: Tensor; readonly reason: string }[],
): TatamiError {
  const lines = declined.map(({ node, reason }) => {
    const line = siteLine(node);
    const operands = node.inputs.map((x) => `${x.dtype} ${showShape(x.shape)}`).join(", ");
    return `  ${node.op.name}(${operands}): ${reason}${line === undefined ? "" : ` (made at ${line})`}`;
  });
  const text = `${backend.name} declines ${declined.length} of the ops; use another backend, or write them in other ops\n${[...new Set(lines)].join("\n")}`;
  return new TatamiError("backend", text, {
    details: { backend: backend.name, ops: declined.map(({ node, reason }) => ({ op: node.op.name, reason })) },
  });
}
