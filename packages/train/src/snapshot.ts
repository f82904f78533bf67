/** A running training ↔ a checkpoint: which states it has, what they are called, and how they are put back. */
import {
  sameShape,
  show,
  showShape,
  sizeOf,
  TatamiError,
  transpose,
  type Layer,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import type { Session } from "@tatamijs/engine";
import { matchState, setFirstValues, storedForm } from "@tatamijs/nn";
import type { Checkpoint, Plain, StoredTensors } from "./checkpoint.ts";
import type { Optimizer } from "./optim/optimizer.ts";
import { trainedLeaves } from "./steps.ts";

/** Where a run stands. */
export interface Position {
  readonly step: number;
  readonly epoch: number;
  /** Batches done of this epoch. */
  readonly position: number;
  readonly extra: Readonly<Record<string, Plain>>;
}

export interface Snapshots {
  /** All values as of this call. */
  take(session: Session, at: Position): Promise<Checkpoint>;
  /** Every state as the checkpoint has it; all is checked before the first is written. @throws TatamiError `weights`. */
  restore(session: Session, checkpoint: Checkpoint): void;
  /** The model starts from these weights in sessions to come, too. */
  mirror(checkpoint: Checkpoint): void;
}

type Group = Readonly<Record<string, Tensor>>;

export function snapshots(model: Layer, optimizer: Optimizer, counter: Tensor): Snapshots {
  const slots = saidSlots(model, optimizer);
  const generator = { counter };

  const read = async (session: Session, group: Group): Promise<StoredTensors> =>
    new Map(
      await Promise.all(
        Object.entries(group).map(
          async ([name, said]) =>
            [name, { dtype: said.dtype, shape: said.shape, data: await session.read(said) }] as const,
        ),
      ),
    );

  return {
    async take(session, { step, epoch, position, extra }) {
      const [weights, held, counters] = await Promise.all([
        read(session, model.state),
        read(session, slots),
        read(session, generator),
      ]);
      return { weights, optimizer: held, generator: counters, step, epoch, position, extra };
    },
    restore(session, checkpoint) {
      const values = [
        ...matchState(model, checkpoint.weights, "fit: resume"),
        ...matched(slots, checkpoint.optimizer, `${optimizer.name}'s slots`),
        ...matched(generator, checkpoint.generator, "the counters"),
      ];
      for (const [said, data] of values) session.write(said, data);
    },
    mirror(checkpoint) {
      for (const [said, data] of matchState(model, checkpoint.weights)) setFirstValues(said, data);
    },
  };
}

/** Slots in the form in which their parameter is said: files are the same whatever the inner layout. */
function saidSlots(model: Layer, optimizer: Optimizer): Group {
  const leaves = trainedLeaves(model);
  return Object.fromEntries(
    Object.entries(optimizer.slots(leaves)).map(([name, slot]) => {
      const owner = name.slice(0, Math.max(0, name.lastIndexOf(".")));
      const said = model.state[owner];
      const perm = said === undefined ? undefined : storedForm(said, owner).perm;
      return [name, perm === undefined ? slot : transpose(slot, perm)];
    }),
  );
}

function matched(group: Group, stored: StoredTensors, what: string): Map<Tensor, TypedArray> {
  const wanted = Object.keys(group);
  const odd = [
    ...wanted.filter((name) => !stored.has(name)),
    ...[...stored.keys()].filter((name) => !Object.hasOwn(group, name)),
  ];
  const values = new Map<Tensor, TypedArray>();
  for (const name of wanted) {
    const said = group[name]!;
    const tensor = stored.get(name);
    if (tensor === undefined) continue;
    const fits = tensor.dtype === said.dtype && sameShape(tensor.shape, said.shape);
    if (!fits || tensor.data.length !== sizeOf(said.shape))
      odd.push(`${name} (${tensor.dtype} ${show(tensor.shape)}, wanted ${said.dtype} ${showShape(said.shape)})`);
    else values.set(said, tensor.data as TypedArray);
  }
  if (odd.length === 0) return values;
  throw new TatamiError(
    "weights",
    `the checkpoint does not fit ${what}: ${odd.join(", ")}; nothing was changed. Use the optimiser and the model it was made with.`,
    {
      op: "fit: resume",
      details: { odd },
    },
  );
}
