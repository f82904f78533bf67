/**
 * Makes room for chains. Views that only add or drop axes of size 1 stand in the way of pointwise ops: the ops move beneath
 * them. Composites that the backend does not run whole are opened, and those that are pointwise where they are large (batch
 * norm, its statistics given; silu): a chain does as well, and takes its neighbours in.
 */
import { expansion, reshape, sameShape, sizeOf, type Shape, type Tensor } from "@tatamijs/core";
import { consumersOf, rewrite, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { openedWhile } from "./open.ts";
import { simplify } from "./simplify.ts";

export const isPointwise = (y: Tensor): boolean => y.op.pointwise === true;
const isView = (y: Tensor): boolean => y.op.alias === true;

/** `runs`: does the backend have a kernel of this name? */
export function loosened(graph: Graph, runs: (name: string) => boolean): Graph {
  const opened = openedWhile(graph, (order) =>
    order.filter((y) => y.op.kind === "composite" && (!runs(y.op.name) || isLoose(y))),
  );
  return simplify(sunk(simplify(opened)));
}

/** Pointwise wherever it is as large as its result; what is smaller comes from small operands alone. */
function isLoose(y: Tensor): boolean {
  const edge = new Set(y.inputs);
  const large = (z: Tensor): boolean => sizeOf(z.shape) === sizeOf(y.shape);
  const inner = topological([expansion(y)], (z) => (edge.has(z) ? [] : z.inputs)).filter((z) => !edge.has(z));
  return inner.every((z) => (large(z) ? isPointwise(z) && sameShape(z.shape, y.shape) : !z.inputs.some(large)));
}

/** Pointwise ops beneath views that only add or drop axes of size 1. */
function sunk(graph: Graph): Graph {
  const roots = rootsOf(graph);
  const order = topological(roots);
  const ends = new Set(roots);
  const consumers = consumersOf(order);
  // The shape that each reader would take a value in: it moves when all of them would take the same.
  const wanted = new Map<Tensor, { readonly shape: Shape; readers: number }>();
  const ask = (x: Tensor, shape: Shape): void => {
    if (!isPointwise(x) || ends.has(x) || !sameOrder(x.shape, shape)) return;
    const asked = wanted.get(x) ?? { shape, readers: 0 };
    wanted.set(x, asked);
    if (sameShape(asked.shape, shape)) asked.readers++;
  };
  const shapeOf = (y: Tensor): Shape | undefined => {
    const asked = wanted.get(y);
    return asked?.readers === consumers.get(y)!.length ? asked.shape : undefined;
  };
  for (const y of order.toReversed()) {
    const shape = shapeOf(y);
    if (isView(y)) ask(y.inputs[0]!, y.shape);
    else if (shape !== undefined) for (const x of y.inputs) ask(x, spread(x.shape, y.shape, shape));
  }
  return rewrite(graph, (y, inputs) => {
    if (isView(y)) return reshape(inputs[0]!, y.shape);
    const shape = shapeOf(y);
    if (shape === undefined) return withInputs(y, inputs);
    return { ...y, shape, inputs: inputs.map((x, k) => reshape(x, spread(y.inputs[k]!.shape, y.shape, shape))) };
  });
}

const sameOrder = (a: Shape, b: Shape): boolean =>
  sameShape(
    a.filter((dim) => dim !== 1),
    b.filter((dim) => dim !== 1),
  );

/** The shape of an operand `x` of an op of shape `from` when that op takes shape `to`: its axes at their new places. */
function spread(x: Shape, from: Shape, to: Shape): Shape {
  const axes = from.flatMap((dim, axis) => (dim === 1 ? [] : [axis]));
  let next = 0;
  return to.map((dim) => (dim === 1 ? 1 : x[axes[next++]!]!));
}
