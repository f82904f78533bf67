/**
 * Says where outputs and updates are written, before anything is scheduled.
 *
 * All reads of a state see the old value, all writes are as if at the end. So the step that makes a new value may write
 * it straight into the state's memory only if every other reader of the old value can run before it (an order that is
 * noted here) and if it may overwrite what it reads itself (`inPlace`). Else the value gets memory of its own, and a copy
 * that runs after all the readers. An output is memory of its own too: it is read late, when states and other programs
 * may have moved on.
 */
import { isDeclined, type Backend, type Kernel } from "@tatamijs/core/backend";
import { copy, sameShape, showShape, TatamiError, type Tensor } from "@tatamijs/core";
import { isLeaf, onceNodes, stateOf, topological, type Graph, type Update } from "./graph.ts";
import { answer, refusal, type Prepared } from "./prepare.ts";
import { specOf } from "./storage.ts";

export interface Settled extends Prepared {
  /** Values whose step writes into a state's memory. */
  readonly direct: ReadonlyMap<Tensor, Tensor>;
  /** Steps that must run before others although no value says so. */
  readonly order: readonly (readonly [before: Tensor, after: Tensor])[];
  /** Nodes that depend only on constants and on states that this program does not update. */
  readonly once: ReadonlySet<Tensor>;
}

/**
 * Updates with their states as stored: leaves, and values turned likewise.
 * @throws TatamiError `state` for no state, two values of one state, another shape or dtype.
 */
export function storedUpdates(graph: Graph): Graph {
  const seen = new Set<Tensor>();
  const updates = (graph.updates ?? []).map(([target, value], i): Update => {
    const { leaf, stored } = stateOf(target, `updates[${i}][0]`);
    const name = `state ${JSON.stringify((leaf.attrs as { name: string }).name)}`;
    if (seen.has(leaf))
      throw new TatamiError("state", `${name} gets two values in one run; give it one`, { op: "compile" });
    seen.add(leaf);
    if (!sameShape(target.shape, value.shape) || target.dtype !== value.dtype) {
      throw new TatamiError(
        "state",
        `${name} is ${target.dtype} ${showShape(target.shape)}, its new value ${value.dtype} ${showShape(value.shape)}; they must be equal (reshape, cast)`,
        { op: "compile", details: { state: target.shape, value: value.shape } },
      );
    }
    return [leaf, stored(value)];
  });
  return { ...graph, updates };
}

/** The node in whose memory `y` lies: beneath reshapes that keep their address. */
export function homeOf(y: Tensor, kernels: ReadonlyMap<Tensor, Kernel>): Tensor {
  let home = y;
  while (!kernels.has(home) && !isLeaf(home)) home = home.inputs[0]!;
  return home;
}

export async function settle(prepared: Prepared, backend: Backend): Promise<Settled> {
  const { graph, kernels } = prepared;
  const once = onceNodes(graph);
  const home = (y: Tensor): Tensor => homeOf(y, kernels);
  const copies: Tensor[] = [];
  const copied = (y: Tensor): Tensor => {
    const made: Tensor = { ...copy(y), site: y.site };
    copies.push(made);
    return made;
  };
  /** A value that a step of the run makes, into memory that is its own. */
  const fresh = (y: Tensor): boolean => !isLeaf(home(y)) && !once.has(home(y));

  const own = new Map<Tensor, Tensor>();
  const outputs = graph.outputs.map((y) => {
    if (fresh(y)) return y;
    own.set(y, own.get(y) ?? copied(y));
    return own.get(y)!;
  });
  const taken = new Set(outputs.map((y) => (kernels.has(y) || copies.includes(y) ? y : home(y))));
  const early = (graph.updates ?? []).map(([state, value]): Update => [
    state,
    fresh(value) && !taken.has(home(value)) ? value : copied(value),
  ]);

  // A copy's kernel says whether it may work in place, which decides below.
  await prepareCopies(copies, backend, kernels);
  const flow = new Flow([...outputs, ...early.map(([, value]) => value)], kernels);
  const direct = new Map<Tensor, Tensor>();
  const late: Tensor[] = [];
  const updates = early.map(([state, value]): Update => {
    const maker = home(value);
    const kernel = kernels.get(maker)!;
    const readers = flow.readers(state).filter((y) => y !== maker);
    const overwrites = maker.inputs.every(
      (x, k) =>
        home(x) !== state ||
        (kernel.inPlace?.includes(k) === true && backend.bytes(specOf(x)) === backend.bytes(specOf(maker))),
    );
    const fits = backend.bytes(specOf(maker)) <= backend.bytes(specOf(state));
    if (!direct.has(maker) && overwrites && fits && !flow.reaches(maker, new Set(readers))) {
      direct.set(maker, state);
      for (const reader of readers) flow.before(reader, maker);
      return [state, value];
    }
    const made = copied(value);
    late.push(made);
    direct.set(made, state);
    for (const reader of flow.readers(state)) flow.before(reader, made);
    return [state, made];
  });
  await prepareCopies(late, backend, kernels);
  return { graph: { ...graph, outputs, updates }, kernels, direct, order: flow.order, once };
}

async function prepareCopies(copies: readonly Tensor[], backend: Backend, kernels: Map<Tensor, Kernel>): Promise<void> {
  for (const node of copies) {
    const kernel = await answer(node, backend);
    if (isDeclined(kernel)) throw refusal(backend, [{ node, reason: kernel.declined }]);
    kernels.set(node, kernel);
  }
}

/** Which step follows from which. */
class Flow {
  readonly order: (readonly [Tensor, Tensor])[] = [];
  readonly #next = new Map<Tensor, Tensor[]>();
  readonly #readers = new Map<Tensor, Tensor[]>();

  constructor(roots: readonly Tensor[], kernels: ReadonlyMap<Tensor, Kernel>) {
    for (const y of topological(roots)) {
      if (!kernels.has(y)) continue;
      for (const x of new Set(y.inputs.map((operand) => homeOf(operand, kernels)))) {
        push(isLeaf(x) ? this.#readers : this.#next, x, y);
      }
    }
  }

  readers(leaf: Tensor): readonly Tensor[] {
    return this.#readers.get(leaf) ?? [];
  }

  before(first: Tensor, then: Tensor): void {
    this.order.push([first, then]);
    push(this.#next, first, then);
  }

  /** Does anything in `to` follow from `from`? */
  reaches(from: Tensor, to: ReadonlySet<Tensor>): boolean {
    const seen = new Set<Tensor>([from]);
    for (const y of seen) {
      if (to.has(y)) return true;
      for (const z of this.#next.get(y) ?? []) seen.add(z);
    }
    return false;
  }
}

function push(map: Map<Tensor, Tensor[]>, key: Tensor, value: Tensor): void {
  const list = map.get(key) ?? [];
  list.push(value);
  map.set(key, list);
}
