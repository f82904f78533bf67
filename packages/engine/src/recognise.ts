/** Finds composites in what was written in single ops, for the backend that runs them whole. Largest first, from the end of the graph. */
import { sentences, type AnyOp, type Match, type Tensor } from "@tatamijs/core";
import { consumersOf, isLeaf, replaced, rewrite, rootsOf, topological, withInputs, type Graph } from "./graph.ts";

/** `runs`: does the backend have a kernel of this name? */
export function recognise(graph: Graph, runs: (name: string) => boolean): Graph {
  const roots = rootsOf(graph);
  const order = topological(roots);
  const ends = new Set(roots);
  const consumers = consumersOf(order);
  const alone = (x: Tensor): boolean => {
    const readers = consumers.get(x) ?? [];
    return !ends.has(x) && readers.length > 0 && readers.every((y) => y === readers[0]);
  };
  const ops = sentences.filter(({ name }) => runs(name));
  const matches = new Map<Tensor, { readonly op: AnyOp; readonly match: Match<unknown> }>();
  const swallowed = new Set<Tensor>();
  for (const y of order.toReversed()) {
    if (swallowed.has(y) || isLeaf(y)) continue;
    let best = 0;
    for (const op of ops) {
      const match: Match<unknown> | undefined = op.kind === "composite" ? op.match?.(y, alone) : undefined;
      if (match === undefined || op === y.op || match.inside.length < best) continue;
      const inside = new Set([y, ...match.inside]);
      const hidden = match.inside.every(
        (z) =>
          isLeaf(z) ||
          (!ends.has(z) && !swallowed.has(z) && (consumers.get(z) ?? []).every((reader) => inside.has(reader))),
      );
      if (!hidden) continue;
      matches.set(y, { op, match });
      best = match.inside.length;
    }
    for (const z of matches.get(y)?.match.inside ?? []) if (!isLeaf(z)) swallowed.add(z);
  }
  return rewrite(graph, (y, inputs, now) => {
    const found = matches.get(y);
    // `match` may put a view on top of an operand: a few nodes that the walk has not seen.
    return found === undefined
      ? withInputs(y, inputs)
      : replaced(y, found.op, found.match.inputs.map(now), found.match.attrs);
  });
}
