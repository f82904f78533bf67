/**
 * What a program is made from, and the walks over it. No walk recurses: the graph of a training step is thousands of
 * nodes deep. Nodes are immutable, so every pass gives a new graph that shares what it did not change.
 */
import {
  TatamiError,
  transpose,
  inversePerm,
  node,
  sizeOf,
  type AnyOp,
  type Shape,
  type DType,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";

/** `state` (or a transposition of one) takes `value` at the end of the run: all reads see old values. */
export type Update = readonly [state: Tensor, value: Tensor];

export interface Graph {
  /** Given at each run, in this order, as they lie: `input(shape, { layout: "NHWC" })` is a transposition of what is given. */
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly updates?: readonly Update[];
}

/** Values on the host: row-major, with their shape. */
export interface Value {
  readonly data: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What must be computed: outputs, then the new values of states. */
export function rootsOf(graph: Graph): Tensor[] {
  return [...graph.outputs, ...(graph.updates ?? []).map(([, value]) => value)];
}

const inputsOf = (y: Tensor): readonly Tensor[] => y.inputs;

/** Every node that `roots` need, operands before their users. `next` says what a node needs. */
export function topological(roots: readonly Tensor[], next: (y: Tensor) => readonly Tensor[] = inputsOf): Tensor[] {
  const order: Tensor[] = [];
  const state = new Map<Tensor, boolean>(); // false: its operands are under way, true: placed
  const stack: Tensor[] = roots.toReversed();
  while (stack.length > 0) {
    const y = stack.at(-1)!;
    const seen = state.get(y);
    if (seen === undefined) {
      state.set(y, false);
      const needs = next(y);
      for (let k = needs.length - 1; k >= 0; k--) if (!state.has(needs[k]!)) stack.push(needs[k]!);
      continue;
    }
    stack.pop();
    if (!seen) {
      state.set(y, true);
      order.push(y);
    }
  }
  return order;
}

/** Who reads a node: each reader once per operand that it fills. */
export function consumersOf(order: readonly Tensor[]): Map<Tensor, Tensor[]> {
  const consumers = new Map<Tensor, Tensor[]>();
  for (const y of order) {
    consumers.set(y, consumers.get(y) ?? []);
    for (const x of y.inputs) consumers.get(x)?.push(y);
  }
  return consumers;
}

/** The node with other operands of the same specs; itself when they are the same. */
export function withInputs(y: Tensor, inputs: readonly Tensor[]): Tensor {
  return inputs.every((x, k) => x === y.inputs[k]) ? y : { ...y, inputs };
}

/** The node of `op`, made where `y` was made. */
export function replaced(y: Tensor, op: AnyOp, inputs: readonly Tensor[], attrs: unknown): Tensor {
  return node(op, inputs, attrs, { site: y.site });
}

/** Of a node that was replaced: what stands for it. Of one that the walk has not seen: itself, its operands replaced. */
export type Now = (x: Tensor) => Tensor;

/**
 * Roots with each node replaced by `change(node, its operands as changed)`, operands first. The answer must have the
 * node's spec. Left out: nodes only take their changed operands.
 */
export function rewritten(
  roots: readonly Tensor[],
  change: (y: Tensor, inputs: readonly Tensor[], now: Now) => Tensor = withInputs,
): Now {
  const made = new Map<Tensor, Tensor>();
  const now: Now = (x) => made.get(x) ?? withInputs(x, x.inputs.map(now));
  for (const y of topological(roots)) made.set(y, change(y, y.inputs.map(now), now));
  return now;
}

/** The graph with outputs and new values taken from `made`. */
export function regraph(graph: Graph, made: (y: Tensor) => Tensor): Graph {
  return {
    inputs: graph.inputs,
    outputs: graph.outputs.map(made),
    ...(graph.updates === undefined
      ? {}
      : { updates: graph.updates.map(([state, value]): Update => [state, made(value)]) }),
  };
}

/** `rewritten` over a whole graph. */
export function rewrite(graph: Graph, change: (y: Tensor, inputs: readonly Tensor[], now: Now) => Tensor): Graph {
  return regraph(graph, rewritten(rootsOf(graph), change));
}

/** y · scale, said in the operands of the op that makes y, if it can be. */
export function scaled(y: Tensor, scale: Tensor): Tensor | undefined {
  return y.op.scaled?.(y, scale);
}

/** A leaf under transpositions, and how to turn a value of its form into the form said, and back. */
export interface Stored {
  readonly leaf: Tensor;
  said(stored: Tensor): Tensor;
  stored(said: Tensor): Tensor;
}

/** Looks through transpositions to a leaf; undefined when something else lies beneath. */
export function storedForm(x: Tensor): Stored | undefined {
  const perms: (readonly number[])[] = [];
  let leaf = x;
  while (leaf.op.perm !== undefined) {
    perms.push(leaf.op.perm(leaf.attrs));
    leaf = leaf.inputs[0]!;
  }
  if (leaf.op.leaf === undefined) return undefined;
  return {
    leaf,
    said: (value) => perms.reduceRight((v, perm) => transpose(v, perm), value),
    stored: (value) => perms.reduce((v, perm) => transpose(v, inversePerm(perm)), value),
  };
}

/** The input that `x` is, or is a transposition of. */
export function inputOf(x: Tensor): Tensor | undefined {
  const leaf = storedForm(x)?.leaf;
  return leaf?.op.leaf === "input" ? leaf : undefined;
}

/** The state that `x` is, as said or as stored. @throws TatamiError `state`. */
export function stateOf(x: Tensor, name: string): Stored {
  const form = storedForm(x);
  if (form?.leaf.op.leaf === "state") return form;
  throw new TatamiError("state", `${name} is made by ${x.op.name}; give a state, or a transposition of one`);
}

export function isLeaf(y: Tensor): boolean {
  return y.op.leaf !== undefined;
}

/** A constant or a state of one element. */
export function isNumber(y: Tensor): boolean {
  return (y.op.leaf ?? "input") !== "input" && sizeOf(y.shape) === 1;
}

/** What depends on nothing that changes from run to run. */
export function onceNodes(graph: Graph): Set<Tensor> {
  const updated = new Set((graph.updates ?? []).map(([state]) => state));
  const once = new Set<Tensor>();
  for (const y of topological(rootsOf(graph))) {
    const kind = y.op.leaf;
    if (
      kind === undefined
        ? y.inputs.every((x) => once.has(x))
        : kind === "constant" || (kind === "state" && !updated.has(y))
    )
      once.add(y);
  }
  return once;
}
