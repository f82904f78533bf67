/** From a plan to a program: memory for what the plan names, constants and states filled, steps linked. */
import type { Linked, Slice, Step } from "@tatamijs/core/backend";
import type { Tensor } from "@tatamijs/core";
import { inputOf, type Graph } from "./graph.ts";
import type { Memory, Place, Plan, PlanStep } from "./plan.ts";
import { Program, type Held } from "./program.ts";
import type { Session, Shared, StateEntry, Use } from "./session.ts";
import { specOf } from "./storage.ts";

/** What was taken so far, so that it can be given back when something fails. */
interface Taken {
  readonly states: Use[];
  readonly shared: Shared[];
  readonly linked: Linked[];
}

/** @throws whatever the backend throws; nothing that was allocated stays behind. */
export async function link(plan: Plan, graph: Graph, session: Session): Promise<Program> {
  const taken: Taken = { states: [], shared: [], linked: [] };
  try {
    return new Program(
      await hold(plan, session, taken),
      plan,
      graph.inputs.map((x) => specOf(inputOf(x)!)),
      graph.outputs.map(specOf),
    );
  } catch (error) {
    giveBack(taken, session, true);
    throw error;
  }
}

function giveBack({ states, shared, linked }: Taken, session: Session, failed: boolean): void {
  for (const it of linked) it.close();
  for (const value of shared) session.unshare(value);
  for (const use of states) session.drop(use, failed);
}

async function hold(plan: Plan, session: Session, taken: Taken): Promise<Held> {
  const { backend } = session;
  const share = (key: string, bytes: number): Shared => {
    const shared = session.share(key, bytes);
    taken.shared.push(shared);
    return shared;
  };
  const values = sharedValues(plan, session, share);
  const entryOf = (leaf: Tensor): StateEntry => session.entry(leaf);
  const filled = new Set<number>();
  const allocating = new Map<Shared, Promise<unknown>>();
  const memoryOf = async (memory: Memory, i: number): Promise<unknown> => {
    if (memory.role === "state") {
      const use = await session.use(entryOf(memory.leaf));
      taken.states.push(use);
      return use.entry.memory;
    }
    const value = memory.role === "shared" ? values.get(memory.node)! : share(keyOf(memory, session), memory.bytes);
    if (value.memory !== undefined || allocating.has(value)) filled.add(i);
    else allocating.set(value, session.alloc(memory.bytes));
    return (value.memory ??= await allocating.get(value));
  };
  const memories = await allOf(plan.memories.map(memoryOf));
  const slice = (place: Place): Slice<unknown> => ({ ...place, memory: memories[place.memory] });
  for (const { node, place } of plan.constants) if (!filled.has(place.memory)) backend.write(slice(place), node.data!);
  const linked = async (steps: readonly PlanStep[]): Promise<Linked> => {
    const it = await backend.link(
      steps.map(({ kernel, inputs, output, scratch }): Step<unknown & PlanStep["kernel"], unknown> => ({
        kernel,
        inputs: inputs.map(slice),
        output: slice(output),
        ...(scratch === undefined ? {} : { scratch: slice(scratch) }),
      })),
    );
    taken.linked.push(it);
    return it;
  };
  const [run, once] = await allOf([
    linked(plan.steps),
    plan.once.length === 0 ? undefined : linked(plan.once),
  ] as const);
  session.check();
  let over = false;
  const held: Held = {
    session,
    once,
    run,
    inputs: plan.inputs.map((place) => place && slice(place)),
    outputs: plan.outputs.map(slice),
    watched: plan.watched.map(entryOf),
    updated: plan.updated.map(entryOf),
    release() {
      if (over) return;
      over = true;
      session.forget(held);
      giveBack(taken, session, false);
    },
  };
  session.adopt(held);
  return held;
}

/** All at once, since a backend in a worker answers each by a message; and to the end, so that what was taken is known when one fails. */
async function allOf<T extends readonly unknown[]>(all: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(all);
  return Promise.all(all);
}

/** Programs share a block of the arena; outputs and small constants are each program's own. */
function keyOf(memory: Memory, session: Session): string {
  return memory.role === "arena" ? `arena ${memory.block}` : `own ${session.idOf(memory)}`;
}

/**
 * Constants and once-computed values by what they are: the op, its attributes, and what those of its operands are. Two
 * programs that need the same one get the same memory; whoever runs next brings it up to date.
 */
function sharedValues(
  plan: Plan,
  session: Session,
  share: (key: string, bytes: number) => Shared,
): Map<Tensor, Shared> {
  const known = new Map<Tensor, Shared>();
  const name = (y: Tensor): Shared => {
    const made = known.get(y);
    if (made !== undefined) return made;
    const spec = `${y.dtype}[${y.shape.join()}]`;
    // Operands come first in a plan, so this goes one level deep.
    const key =
      y.op.leaf === undefined
        ? `${y.op.name}${JSON.stringify(y.attrs)}${spec}(${y.inputs.map((x) => name(x).id).join()})`
        : `${leafText(y, session)}${spec}`;
    const value = share(key, 0);
    known.set(y, value);
    return value;
  };
  for (const { node } of plan.constants) name(node);
  for (const { node } of plan.once) name(node);
  return known;
}

/** A constant is its values, or its array where they are many; a state is its node. */
function leafText(y: Tensor, session: Session): string {
  if (y.op.leaf !== "constant") return `leaf ${session.idOf(y)} `;
  const { buffer, byteOffset, byteLength } = y.data!;
  return byteLength > 256
    ? `array ${session.idOf(y.data!)} `
    : `values ${new Uint8Array(buffer, byteOffset, byteLength).join()} `;
}
