/**
 * Chains of pointwise ops become one pass over memory (`map`), and a chain whose value is only summed up is never written
 * (`mapReduce`). A value joins its readers' chains if all of them are in one; or if it costs less to work it out again in each
 * than to write and read it. What has an end of its own (an output, a state's new value) never joins, nor what runs once what
 * runs every time.
 *
 * The price list, in elements × instructions: a step of its own costs `stepCost`, a value written and read twice its size, a
 * function of one operand as much as eight sums (it may be an exponential).
 */
import {
  mapOp,
  mapReduceOp,
  reduceOp,
  sameShape,
  sizeOf,
  type ReduceAttrs,
  type Shape,
  type Tensor,
} from "@tatamijs/core";
import { consumersOf, isNumber, onceNodes, rewrite, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { isPointwise, loosened } from "./loosen.ts";

/** What a kernel may have to bind: eight buffers, the output among them, on the smallest GPUs. */
const mostInputs = 7;
const mostSteps = 32;
const stepCost = 16384;
const functionCost = 8;
/** So many times smaller than the chain's value is small. */
const smaller = 4;

interface Chain {
  readonly members: readonly Tensor[];
  readonly inputs: readonly Tensor[];
}

/** `runs`: does the backend have a kernel of this name? */
export function fuse(given: Graph, runs: (name: string) => boolean): Graph {
  const graph = loosened(given, runs);
  const roots = rootsOf(graph);
  const order = topological(roots);
  const consumers = consumersOf(order);
  const reduces = (y: Tensor): boolean => y.op === reduceOp && runs(mapReduceOp.name);
  const chains = chainsOf(order, roots, consumers, onceNodes(graph), reduces);

  const index = new Map(order.map((y, i) => [y, i]));
  return rewrite(graph, (y, inputs, now) => {
    const chain = chains.get(y);
    if (chain === undefined) return y; // lives on in its readers
    if (chain.members.length + (reduces(y) ? 1 : 0) < 2) return withInputs(y, inputs);
    const members = chain.members.toSorted((a, b) => index.get(a)! - index.get(b)!);
    const at = new Map([...chain.inputs, ...members].map((x, i) => [x, i]));
    const steps = members.map((x) => ({ op: x.op.name, attrs: x.attrs, inputs: x.inputs.map((z) => at.get(z)!) }));
    // Built raw: the spec is the same, and a chain's expansion is only wanted where a backend declines it.
    return isPointwise(y)
      ? { ...y, op: mapOp, inputs: chain.inputs.map(now), attrs: { steps } }
      : { ...y, op: mapReduceOp, inputs: chain.inputs.map(now), attrs: { steps, ...(y.attrs as ReduceAttrs) } };
  });
}

/** For every node that is still to be made, the pointwise nodes that are made with it. */
function chainsOf(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  consumers: ReadonlyMap<Tensor, readonly Tensor[]>,
  once: ReadonlySet<Tensor>,
  reduces: (y: Tensor) => boolean,
): Map<Tensor, Chain> {
  const ends = new Set(roots);
  const again = cheapAgain(order, consumers, ends, reduces);
  const chains = new Map<Tensor, Chain>();
  const needed = new Set(roots);
  for (const y of order.toReversed()) {
    if (!needed.has(y)) continue;
    const copied = new Set<Tensor>(); // made in other chains too: so is what they read
    const joins = (x: Tensor, inside: ReadonlySet<Tensor>): boolean => {
      if (!isPointwise(x) || ends.has(x) || once.has(x) !== once.has(y)) return false;
      const size = sizeOf(y.inputs[0]!.shape);
      const shape = isPointwise(y) ? y.shape : y.inputs[0]!.shape;
      const own = sameShape(x.shape, shape) && consumers.get(x)!.every((z) => inside.has(z) && !copied.has(z));
      if (
        own ||
        !again.has(x) ||
        x.shape.length !== shape.length ||
        (!isPointwise(y) && sizeOf(x.shape) === size && !sameShape(x.shape, shape))
      )
        return own;
      copied.add(x);
      return true;
    };
    const chain: Chain = isPointwise(y) || reduces(y) ? grown(y, joins) : { members: [], inputs: y.inputs };
    chains.set(y, chain);
    for (const x of chain.inputs) needed.add(x);
  }
  return chains;
}

/** Values that cost less to work out in each reader than to write: at most one large operand, and few instructions. */
function cheapAgain(
  order: readonly Tensor[],
  consumers: ReadonlyMap<Tensor, readonly Tensor[]>,
  ends: ReadonlySet<Tensor>,
  reduces: (y: Tensor) => boolean,
): Set<Tensor> {
  const cost = new Map<Tensor, number>();
  const cheap = new Set<Tensor>();
  for (const x of order) {
    if (!isPointwise(x)) continue;
    const alone = (z: Tensor): boolean => !ends.has(z) && consumers.get(z)!.length === 1;
    const instructions = x.inputs.reduce(
      (sum, z) => sum + (alone(z) ? (cost.get(z) ?? 0) : 0),
      x.inputs.length > 1 ? 1 : functionCost,
    );
    cost.set(x, instructions);
    const readers = consumers.get(x)!;
    const size = sizeOf(x.shape);
    const large = new Set(x.inputs.filter((z) => sizeOf(z.shape) === size && size > 1));
    const sizes = readers.map((y) => sizeOf(isPointwise(y) ? y.shape : x.shape));
    if ((large.size > 1 && sizes.includes(size)) || !readers.every((y) => isPointwise(y) || reduces(y))) continue;
    // A kernel works out what is small beside its value once, not once per element.
    const work = sizes.reduce((sum, n) => sum + (n < smaller * size ? n : size), -size) * instructions;
    if (work <= stepCost + 2 * size) cheap.add(x);
  }
  return cheap;
}

/** The chain that ends in `y`: operands join as long as `joins` says so and the kernel stays small. */
function grown(y: Tensor, joins: (x: Tensor, inside: ReadonlySet<Tensor>) => boolean): Chain {
  const inside = new Set([y]);
  const outside = (): Tensor[] => [...new Set([...inside].flatMap((z) => z.inputs))].filter((x) => !inside.has(x));
  const bound = (list: readonly Tensor[]): number => list.filter((x) => !isNumber(x)).length;
  for (let before = 0; before !== inside.size && inside.size < mostSteps;) {
    before = inside.size;
    for (const x of outside()) {
      if (inside.size >= mostSteps || !joins(x, inside)) continue;
      inside.add(x);
      if (bound(outside()) > mostInputs) inside.delete(x);
    }
  }
  const members = [...inside].filter(isPointwise);
  // A chain must span the shape that its value has.
  const inputs = outside();
  return members.length > 0 && !spans(inputs, isPointwise(y) ? y.shape : y.inputs[0]!.shape)
    ? { members: members.includes(y) ? [y] : [], inputs: y.inputs }
    : { members, inputs };
}

function spans(inputs: readonly Tensor[], shape: Shape): boolean {
  return shape.every((dim, axis) => dim === 1 || inputs.some((x) => x.shape[axis] === dim));
}
