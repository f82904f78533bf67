/**
 * Chains of pointwise ops become one pass over memory (`map`). A value joins its readers' chain if they are all in it; or if
 * it is cheap to work out again: only pointwise ops read it, and it reads one large value itself, so that nobody reads more
 * than before and one value less is written. What has an end of its own (an output, a state's new value) is never joined, nor
 * what runs once by what runs every time, nor a small value that a large one repeats.
 */
import { composites, sameShape, sizeOf, type MapAttrs, type Tensor } from "@tatamijs/core";
import { consumersOf, regraph, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { onceNodes } from "./settle.ts";

/** What a kernel may have to bind: eight buffers, the output among them, on the smallest GPUs. */
const mostInputs = 7;
const mostSteps = 32;

const isPointwise = (y: Tensor): boolean => y.op.kind === "primitive" && y.op.pointwise === true;

export function fuse(graph: Graph): Graph {
  const roots = rootsOf(graph);
  const order = topological(roots);
  const index = new Map(order.map((y, i) => [y, i]));
  const consumers = consumersOf(order);
  const once = onceNodes(graph);
  const ends = new Set(roots);

  /** Cheap to work out again in each of its readers. An op of several operands is an instruction; of one, perhaps an exponential. */
  const dissolves = new Map<Tensor, boolean>();
  for (const x of order) {
    const large = x.inputs.filter((z) => sizeOf(z.shape) > 1 && sameShape(z.shape, x.shape));
    const cheap = isPointwise(x) && x.inputs.length > 1 && new Set(large).size <= 1 && consumers.get(x)!.every((y) => isPointwise(y) && sameShape(y.shape, x.shape));
    dissolves.set(x, cheap);
  }

  const joins = (y: Tensor) => {
    const again = new Set<Tensor>(); // worked out in other chains too: so is what they read
    return (x: Tensor, inside: ReadonlySet<Tensor>): boolean => {
      if (ends.has(x) || once.has(x) !== once.has(y)) return false;
      const readers = consumers.get(x)!;
      if (readers.every((z) => inside.has(z) && !again.has(z))) return true;
      if (dissolves.get(x) === true) again.add(x);
      return again.has(x);
    };
  };
  const groups = new Map<Tensor, { readonly members: readonly Tensor[]; readonly inputs: readonly Tensor[] }>();
  const needed = new Set(roots);
  for (const y of order.toReversed()) {
    if (!needed.has(y)) continue;
    const group = isPointwise(y) ? grown(y, joins(y)) : undefined;
    if (group !== undefined) groups.set(y, group);
    for (const x of group?.inputs ?? y.inputs) needed.add(x);
  }

  const made = new Map<Tensor, Tensor>();
  for (const y of order) {
    if (!needed.has(y)) continue;
    const group = groups.get(y);
    if (group === undefined || group.members.length === 1) {
      made.set(y, withInputs(y, y.inputs.map((x) => made.get(x)!)));
      continue;
    }
    const members = group.members.toSorted((a, b) => index.get(a)! - index.get(b)!);
    const at = new Map([...group.inputs, ...members].map((x, i) => [x, i]));
    const steps = members.map((x) => ({ op: x.op.name, attrs: x.attrs, inputs: x.inputs.map((z) => at.get(z)!) }));
    const attrs = { steps } as unknown as MapAttrs;
    const chain: Tensor = { op: composites.map, inputs: group.inputs.map((x) => made.get(x)!), attrs, shape: y.shape, dtype: y.dtype };
    made.set(y, y.site === undefined ? chain : { ...chain, site: y.site });
  }
  return regraph(graph, (y) => made.get(y)!);
}

/** The chain that ends in `y`: operands join as long as `joins` says so and the kernel stays small. */
function grown(y: Tensor, joins: (x: Tensor, inside: ReadonlySet<Tensor>) => boolean): { members: Tensor[]; inputs: Tensor[] } {
  const members = new Set([y]);
  const outside = (): Tensor[] => [...new Set([...members].flatMap((z) => z.inputs))].filter((x) => !members.has(x));
  const bound = (list: readonly Tensor[]): number => list.filter((x) => x.data === undefined || x.data.length > 1).length;
  for (let before = 0; before !== members.size && members.size < mostSteps; ) {
    before = members.size;
    for (const x of outside()) {
      if (!isPointwise(x) || !sameShape(x.shape, y.shape) || !joins(x, members) || members.size >= mostSteps) continue;
      members.add(x);
      if (bound(outside()) > mostInputs) members.delete(x);
    }
  }
  return { members: [...members], inputs: outside() };
}
