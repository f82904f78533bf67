/**
 * Puts the settled graph in order and gives everything an address. Pure: what it needs from the backend are sizes and
 * traits. Two parts: what runs once per version of the states it reads, and what runs every time.
 */
import type { Backend, Kernel } from "@tatamijs/core/backend";
import type { Spec, Tensor } from "@tatamijs/core";
import { isLeaf, rootsOf, topological } from "./graph.ts";
import { schedule, type Job } from "./schedule.ts";
import { homeOf, type Settled } from "./settle.ts";
import { aligned, specOf, storage, type Sited, type Spot, type Storage } from "./storage.ts";

/** A memory that the program needs. */
export type Memory =
  /** Temporaries. Programs of a session share it. */
  | { readonly role: "arena"; readonly bytes: number; readonly block: number }
  | { readonly role: "state"; readonly bytes: number; readonly leaf: Tensor }
  /** Small constants, all in one. */
  | { readonly role: "constants"; readonly bytes: number }
  /** A large constant, or a value made once per version: shared by the programs of a session that need the same one. */
  | { readonly role: "shared"; readonly bytes: number; readonly node: Tensor }
  | { readonly role: "output"; readonly bytes: number };

export interface Place {
  /** Index into `Plan.memories`. */
  readonly memory: number;
  readonly offset: number;
  readonly bytes: number;
  readonly spec: Spec;
}

export interface PlanStep {
  readonly node: Tensor;
  readonly kernel: Kernel;
  readonly inputs: readonly Place[];
  readonly output: Place;
  readonly scratch?: Place;
}

export interface Plan {
  readonly memories: readonly Memory[];
  /** Run before the first run, and again when a state in `watched` changed. */
  readonly once: readonly PlanStep[];
  readonly watched: readonly Tensor[];
  readonly steps: readonly PlanStep[];
  /** States that a run writes. */
  readonly updated: readonly Tensor[];
  /** Where inputs are written; undefined for one that nothing reads. */
  readonly inputs: readonly (Place | undefined)[];
  readonly outputs: readonly Place[];
  readonly constants: readonly { readonly node: Tensor; readonly place: Place }[];
  /** Bytes of temporaries: as laid out, the largest set alive at once, and with memory of its own for each. */
  readonly peak: number;
  readonly live: number;
  readonly naive: number;
}

export interface PlanOptions {
  /** Default true. */
  readonly reorder?: boolean | undefined;
  /** Default true. */
  readonly inPlace?: boolean | undefined;
  /** Default true; false gives every temporary bytes of its own. */
  readonly reuse?: boolean | undefined;
}

const largeConstant = 4096;

export function plan(
  { graph, kernels, direct, order, once }: Settled,
  backend: Backend,
  options: PlanOptions = {},
): Plan {
  const nodes = topological(rootsOf(graph));
  const home = (y: Tensor): Tensor => homeOf(y, kernels);
  const outputHomes = new Set(graph.outputs.map(home));
  const early = nodes.filter((y) => kernels.has(y) && once.has(y));
  const every = nodes.filter((y) => kernels.has(y) && !once.has(y));
  const kept = new Set(every.flatMap((y) => y.inputs.map(home)).filter((x) => !isLeaf(x) && once.has(x)));

  const memories: Memory[] = [];
  const places = new Map<Tensor, { memory: number; offset: number }>();
  const owned = (x: Tensor, memory: Memory): void => {
    places.set(x, { memory: memories.length, offset: 0 });
    memories.push(memory);
  };
  // Room for every form that a value is read in.
  const room = new Map<Tensor, number>();
  for (const y of nodes)
    room.set(home(y), Math.max(room.get(home(y)) ?? 0, aligned(backend.bytes(specOf(y)), backend)));
  const constants = nodes.filter((x) => x.op.leaf === "constant");
  const small = constants.filter((x) => room.get(x)! < largeConstant);
  let offset = 0;
  for (const x of small) {
    places.set(x, { memory: 0, offset });
    offset += room.get(x)!;
  }
  if (small.length > 0) memories.push({ role: "constants", bytes: offset });
  for (const x of constants) if (!places.has(x)) owned(x, { role: "shared", bytes: room.get(x)!, node: x });
  const updated = (graph.updates ?? []).map(([state]) => state);
  const states = new Set([...nodes.filter((x) => x.op.leaf === "state"), ...updated]);
  for (const leaf of states) owned(leaf, { role: "state", bytes: aligned(backend.bytes(specOf(leaf)), backend), leaf });
  for (const [maker, state] of direct) places.set(maker, places.get(state)!);
  for (const x of kept) owned(x, { role: "shared", bytes: room.get(x)!, node: x });
  for (const x of outputHomes) owned(x, { role: "output", bytes: room.get(x)! });

  const arrange = (part: readonly Tensor[]): { sited: Sited[]; storage: Storage } => {
    const sizes = new Map<Tensor, number>();
    for (const y of part) for (const x of [y, ...y.inputs.map(home)]) if (!places.has(x)) sizes.set(x, room.get(x)!);
    const jobs = part.map((node): Job => ({
      node,
      reads: [...new Set(node.inputs.map(home))],
      bytes: sizes.get(node) ?? 0,
    }));
    const sorted = schedule(jobs, order, sizes, options.reorder !== false);
    const sited = sorted.map(({ node }): Sited => {
      const kernel = kernels.get(node)!;
      return { node, homes: node.inputs.map(home), inPlace: kernel.inPlace ?? [], scratch: kernel.scratch ?? 0 };
    });
    return {
      sited,
      storage: storage(sited, sizes, backend, {
        inPlace: options.inPlace !== false,
        reuse: options.reuse !== false,
      }),
    };
  };
  const parts = [arrange(early), arrange(every)];
  const blocks = Math.max(...parts.map((part) => part.storage.blocks.length));
  const arena = memories.length;
  for (let block = 0; block < blocks; block++) {
    memories.push({ role: "arena", block, bytes: Math.max(...parts.map((part) => part.storage.blocks[block] ?? 0)) });
  }

  const slot = (spot: Spot, bytes: number, spec: Spec): Place => ({
    memory: arena + spot.block,
    offset: spot.offset,
    bytes,
    spec,
  });
  const placeIn =
    (part: Storage) =>
    (x: Tensor): Place => {
      const spec = specOf(x);
      const fixed = places.get(home(x));
      const bytes = backend.bytes(spec);
      return fixed === undefined ? slot(part.spots.get(home(x))!, bytes, spec) : { ...fixed, bytes, spec };
    };
  const stepsOf = ({ sited, storage: part }: { sited: Sited[]; storage: Storage }): PlanStep[] => {
    const place = placeIn(part);
    return sited.map(({ node, scratch }, i): PlanStep => {
      const spot = part.scratch[i];
      return {
        node,
        kernel: kernels.get(node)!,
        inputs: node.inputs.map(place),
        output: place(node),
        ...(spot === undefined ? {} : { scratch: slot(spot, scratch, { shape: [scratch], dtype: "u8" }) }),
      };
    });
  };
  const run = parts[1]!.storage;
  const placed = placeIn(run);
  return {
    memories,
    once: stepsOf(parts[0]!),
    watched: [...new Set(early.flatMap((y) => y.inputs.map(home)).filter((x) => x.op.leaf === "state"))],
    steps: stepsOf(parts[1]!),
    updated,
    inputs: graph.inputs.map((x) => (run.spots.has(x) ? placed(x) : undefined)),
    outputs: graph.outputs.map(placed),
    constants: constants.map((node) => ({ node, place: placed(node) })),
    peak: run.blocks.reduce((sum, bytes) => sum + bytes, 0),
    live: run.live,
    naive: run.naive,
  };
}
