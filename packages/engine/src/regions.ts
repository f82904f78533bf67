/**
 * Where transpositions stand. Pushing them through one op at a time gets stuck: each looks as good on one side as on the
 * other. So the ops that commute with transposition are gathered into *regions*, and each region takes the one layout whose
 * border moves least.
 *
 * Let T(x, p) be x turned by p: axis i of T(x, p) is axis p[i] of x, and (p∘q)[i] = p[q[i]], so T(T(x, p), q) = T(x, p∘q).
 * In place of a member y we hold T(y, P_y). An operand x = T(u, p) of y is then wanted as T(x, P_y) = T(u, p∘P_y): free if u
 * is held so, P_u = p∘P_y. Walking such edges from a seed gives each member a frame F with P = F∘R, and the region one
 * unknown R. Edges that close a circle otherwise, fixed ops, leaves and outputs are the border; each wants some value in some
 * layout, and asks for the R that gives it for nothing. All asked for are tried.
 *
 * Axes of size 1 move for nothing, constants cost nothing, what runs once costs little. A tie goes to the side of the
 * layout-fixed ops: an activation stays beside its convolution.
 */
import { inversePerm, isIdentity, permuted, sizeOf, type Perm, type Tensor } from "@tatamijs/core";
import { isLeaf, onceNodes, regraph, replaced, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { movesNothing, turnedBy } from "./simplify.ts";

/** Somebody wants T(source, wanted ∘ R if `inside`), R being the region's layout. */
interface Demand {
  readonly source: Tensor;
  readonly wanted: Perm;
  readonly inside: boolean;
  /** At a layout-fixed op. */
  readonly fixed: boolean;
}

type Edges = Map<Tensor, { readonly other: Tensor; readonly frame: (mine: Perm) => Perm }[]>;

const compose = (p: Perm, q: Perm): Perm => permuted(p, q);
const identityOf = (y: Tensor): Perm => y.shape.map((_, i) => i);

/** What lies beneath transpositions, and how it is turned. */
function beneath(x: Tensor): { u: Tensor; p: Perm } {
  let u = x;
  let p = identityOf(x);
  while (u.op.perm !== undefined) {
    p = compose(u.op.perm(u.attrs), p);
    u = u.inputs[0]!;
  }
  return { u, p };
}

const isTurning = (y: Tensor): boolean => y.op.perm !== undefined;
/** More than a vector. */
const wide = (x: Tensor): boolean => x.shape.filter((dim) => dim !== 1).length > 1;

export function regions(graph: Graph): Graph {
  const roots = rootsOf(graph);
  const order = topological(roots);
  if (!order.some(isTurning)) return graph;
  const member = (y: Tensor): boolean => y.op.turn !== undefined && y.shape.length > 1;
  const frames = new Map<Tensor, Perm>();
  const regionOf = new Map<Tensor, number>();
  // Small values must not tie regions together that have nothing else in common: they form regions of their own, after the others.
  const [large, small]: [Edges, Edges] = [new Map(), new Map()];
  const edge = (edges: Edges, from: Tensor, other: Tensor, frame: (mine: Perm) => Perm): void => {
    const list = edges.get(from);
    if (list === undefined) edges.set(from, [{ other, frame }]);
    else list.push({ other, frame });
  };
  for (const y of order) {
    if (!member(y)) continue;
    for (const x of y.inputs) {
      const { u, p } = beneath(x);
      if (x.shape.length !== y.shape.length || !member(u)) continue;
      const edges = wide(u) ? large : small;
      const back = inversePerm(p);
      edge(edges, y, u, (mine) => compose(p, mine));
      edge(edges, u, y, (mine) => compose(back, mine));
    }
  }
  let count = 0;
  const walk = (edges: Edges, seeds: readonly Tensor[]): void => {
    for (const seed of seeds) {
      if (frames.has(seed)) continue;
      frames.set(seed, identityOf(seed));
      const queue = [seed];
      for (const y of queue) {
        regionOf.set(y, count);
        for (const { other, frame } of edges.get(y) ?? []) {
          if (frames.has(other)) continue;
          frames.set(other, frame(frames.get(y)!));
          queue.push(other);
        }
      }
      count++;
    }
  };
  walk(
    large,
    order.filter((y) => large.has(y)),
  );
  walk(small, order.filter(member));

  const demands: Demand[][] = Array.from({ length: count }, () => []);
  const want = (x: Tensor, y: Tensor | undefined): void => {
    const { u, p } = beneath(x);
    const reader = y === undefined || !member(y) || x.shape.length !== y.shape.length ? undefined : y;
    if (reader === undefined) {
      // A fixed op, or the end of the graph, wants x as it is.
      if (member(u)) demands[regionOf.get(u)!]!.push({ source: u, wanted: p, inside: false, fixed: y !== undefined });
    } else {
      demands[regionOf.get(reader)!]!.push({
        source: u,
        wanted: compose(p, frames.get(reader)!),
        inside: true,
        fixed: !member(u) && !isLeaf(u),
      });
    }
  };
  for (const y of order) if (!isTurning(y)) for (const x of y.inputs) want(x, y);
  for (const root of roots) want(root, undefined);

  const weight = weights(graph, order);
  const chosen = demands.map((list, region) => choose(list, region, frames, regionOf, weight));
  const layoutOf = (y: Tensor): Perm => {
    const frame = frames.get(y);
    return frame === undefined ? identityOf(y) : compose(frame, chosen[regionOf.get(y)!] ?? identityOf(y));
  };
  return emit(graph, order, layoutOf, member);
}

/** What moving an element of a value costs. */
function weights(graph: Graph, order: readonly Tensor[]): (y: Tensor) => number {
  const once = onceNodes(graph);
  const constant = new Set<Tensor>();
  for (const y of order)
    if (y.op.leaf === "constant" || (y.inputs.length > 0 && y.inputs.every((x) => constant.has(x)))) constant.add(y);
  return (y) => (constant.has(y) ? 0 : once.has(y) ? 1e-3 : 1);
}

function choose(
  demands: readonly Demand[],
  region: number,
  frames: ReadonlyMap<Tensor, Perm>,
  regionOf: ReadonlyMap<Tensor, number>,
  weight: (y: Tensor) => number,
): Perm | undefined {
  const frameIn = (u: Tensor): Perm | undefined => (regionOf.get(u) === region ? frames.get(u) : undefined);
  const candidates = new Map<string, Perm>();
  for (const { source, wanted, inside } of demands) {
    const frame = frameIn(source);
    if (frame !== undefined && inside) continue; // holds for every R or for none
    // T(source, F∘R) is held and `wanted` asked for: R = F⁻¹∘wanted. Outside, `wanted`∘R is asked for and the source is as it is.
    const r = frame === undefined ? inversePerm(wanted) : compose(inversePerm(frame), wanted);
    candidates.set(r.join(), r);
  }
  let best: Perm | undefined;
  let least = Infinity;
  let bestTie = -1;
  for (const r of candidates.values()) {
    const paid = new Set<string>();
    let cost = 0;
    let tie = 0;
    for (const { source, wanted, inside, fixed } of demands) {
      const frame = frameIn(source);
      const have = frame === undefined ? identityOf(source) : compose(frame, r);
      const need = inside ? compose(wanted, r) : wanted;
      const move = compose(inversePerm(have), need);
      const bytes = sizeOf(source.shape) * weight(source);
      if (movesNothing(permuted(source.shape, have), move)) {
        if (fixed) tie += isIdentity(move) ? 2 * bytes : bytes;
        continue;
      }
      const key = `${idOf(source)} ${move.join()}`;
      if (!paid.has(key)) cost += bytes;
      paid.add(key);
    }
    if (cost < least || (cost === least && (tie > bestTie || (tie === bestTie && isIdentity(r))))) {
      best = r;
      least = cost;
      bestTie = tie;
    }
  }
  return best;
}

const ids = new WeakMap<Tensor, number>();
let lastId = 0;
function idOf(y: Tensor): number {
  const id = ids.get(y) ?? ++lastId;
  ids.set(y, id);
  return id;
}

function emit(
  graph: Graph,
  order: readonly Tensor[],
  layoutOf: (y: Tensor) => Perm,
  member: (y: Tensor) => boolean,
): Graph {
  const held = new Map<Tensor, Tensor>();
  const turned = new Map<string, Tensor>();
  /** T(x, q). */
  const get = (x: Tensor, q: Perm): Tensor => {
    const { u, p } = beneath(x);
    const have = member(u) ? layoutOf(u) : identityOf(u);
    const move = compose(inversePerm(have), compose(p, q));
    const from = held.get(u)!;
    if (isIdentity(move)) return from;
    const key = `${idOf(from)} ${move.join()}`;
    const made = turned.get(key) ?? turnedBy(from, move);
    turned.set(key, made);
    return made;
  };
  for (const y of order) {
    if (isTurning(y)) continue;
    const layout = member(y) ? layoutOf(y) : identityOf(y);
    const inputs = y.inputs.map((x) => get(x, member(y) && x.shape.length === y.shape.length ? layout : identityOf(x)));
    held.set(y, isIdentity(layout) ? withInputs(y, inputs) : replaced(y, y.op, inputs, y.op.turn!(layout, y.attrs)));
  }
  return regraph(graph, (y) => get(y, identityOf(y)));
}
