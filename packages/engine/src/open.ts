/**
 * Opens the composites that cannot stay whole: those of which the graph also reads the inside (a gradient that needs a value
 * from before an activation, for one). Whole and opened, the inside would be worked out twice.
 */
import { expansion, type Tensor } from "@tatamijs/core";
import { isLeaf, isNumber, rootsOf, topological, type Graph } from "./graph.ts";
import { openAll } from "./prepare.ts";

export function open(graph: Graph): Graph {
  return openedWhile(graph, (order) => {
    const present = new Set(order);
    return order.filter((y) => y.op.kind === "composite" && insideOf(y).some((z) => present.has(z)));
  });
}

/** Opens composites, and those that come out of them, as long as `which` finds any in the graph's order. */
export function openedWhile(graph: Graph, which: (order: readonly Tensor[]) => readonly Tensor[]): Graph {
  for (let current = graph; ;) {
    const found = new Set(which(topological(rootsOf(current))));
    if (found.size === 0) return current;
    current = openAll(current, (y) => found.has(y));
  }
}

/** The nodes that `y` swallows and that cost something, in composites within it too. */
function insideOf(y: Tensor): Tensor[] {
  const edge = new Set(y.inputs);
  const root = expansion(y);
  const inner = topological([root], (z) =>
    edge.has(z) ? [] : z.op.kind === "composite" ? [...z.inputs, expansion(z)] : z.inputs,
  );
  return inner.filter((z) => z !== root && !edge.has(z) && !isCheap(z));
}

/** Leaves, and views of them or of others: worked out again for nothing. */
function isCheap(z: Tensor): boolean {
  return isLeaf(z) || z.op.alias === true || z.op.perm !== undefined || z.inputs.every(isNumber);
}
