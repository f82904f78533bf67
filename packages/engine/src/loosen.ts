/**
 * Makes room for chains. Views that only add or drop axes of size 1 stand in the way of pointwise ops: the ops move beneath
 * them. And a composite that is pointwise where it is large (batch norm, with its statistics given) is opened where it has a
 * pointwise neighbour to be one pass with; alone it stays whole.
 */
import { expansion, reshape, sameShape, sizeOf, type Shape, type Tensor } from "@tatamijs/core";
import { consumersOf, regraph, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { openAll } from "./prepare.ts";
import { simplify } from "./simplify.ts";

export const isPointwise = (y: Tensor): boolean => y.op.kind === "primitive" && y.op.pointwise === true;
const isView = (y: Tensor): boolean => y.op.kind === "primitive" && y.op.alias === true;

export function loosened(graph: Graph): Graph {
  const wide = opened(graph);
  return simplify(sunk(wide === graph ? graph : simplify(wide)));
}

function opened(graph: Graph): Graph {
  const order = topological(rootsOf(graph));
  const consumers = consumersOf(order);
  const loose = new Set(order.filter(isLoose));
  const joinable = (y: Tensor): boolean => isPointwise(y) || loose.has(y);
  const opening = new Set(
    [...loose].filter((y) => {
      const readers = consumers.get(y)!;
      const forward = readers.length === 1 && joinable(readers[0]!) && sameShape(readers[0]!.shape, y.shape);
      return (
        forward || y.inputs.some((x) => joinable(x) && sameShape(x.shape, y.shape) && consumers.get(x)!.length === 1)
      );
    }),
  );
  return opening.size === 0 ? graph : openAll(graph, (y) => opening.has(y));
}

/** Pointwise wherever it is as large as its result; what is smaller comes from small operands alone. */
function isLoose(y: Tensor): boolean {
  if (y.op.kind !== "composite") return false;
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
  const made = new Map<Tensor, Tensor>();
  for (const y of order) {
    const shape = shapeOf(y);
    if (isView(y)) made.set(y, reshape(made.get(y.inputs[0]!)!, y.shape));
    else if (shape === undefined)
      made.set(
        y,
        withInputs(
          y,
          y.inputs.map((x) => made.get(x)!),
        ),
      );
    else
      made.set(y, { ...y, shape, inputs: y.inputs.map((x) => reshape(made.get(x)!, spread(x.shape, y.shape, shape))) });
  }
  return regraph(graph, (y) => made.get(y)!);
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
