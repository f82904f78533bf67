/** Simplifies a graph without changing what it says: small laws, transpositions by regions, and the laws again. What nobody reads is gone with the walk. */
import type { Graph } from "./graph.ts";
import { regions } from "./regions.ts";
import { simplify } from "./simplify.ts";

export function fold(graph: Graph): Graph {
  return simplify(regions(simplify(graph, true)));
}
