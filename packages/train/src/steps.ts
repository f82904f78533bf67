/** The two programs of training: a step (forward, backward, update) and a measurement. One each per shape of batch. */
import {
  argmax,
  cast,
  concat,
  detach,
  equal,
  isTensor,
  reshape,
  show,
  showShape,
  sizeOf,
  sum,
  TatamiError,
  type Layer,
  type Spec,
  type Tensor,
} from "@tatamijs/core";
import { gradients, jit, type Jit, type Program, type Session } from "@tatamijs/engine";
import { inference, parameters, storedForm, training, type Loss } from "@tatamijs/nn";
import type { Clip } from "./clip.ts";
import type { Batch } from "./dataset.ts";
import type { Optimizer } from "./optim/optimizer.ts";

/** Loss of one batch, and how many were right where targets are classes. */
export interface Tally {
  readonly loss: number;
  readonly correct: number | undefined;
}

export interface Runner {
  /** Asks for a run; what it gives is to be awaited before the batch's arrays are used again. `tally` arrives later. */
  run(batch: Batch, lr?: number): Promise<{ readonly tally: Promise<Tally> }>;
  close(): void;
}

export interface TrainingParts {
  readonly model: Layer;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly clip: Clip | undefined;
  /** i32 [1]: counts runs that draw random numbers. */
  readonly counter: Tensor;
  readonly seed: number;
}

/** Trained leaves by name; one leaf under two names once. */
export function trainedLeaves(model: Layer): Record<string, Tensor> {
  const seen = new Set<Tensor>();
  const leaves: Record<string, Tensor> = {};
  for (const [name, said] of Object.entries(parameters(model))) {
    const { leaf } = storedForm(said, name);
    if (!seen.has(leaf)) leaves[name] = leaf;
    seen.add(leaf);
  }
  return leaves;
}

/** @throws TatamiError (when first run) as the layers and the loss do, `gradient` when the loss is no scalar. */
export function trainingStep(parts: TrainingParts, session: Session): Runner {
  const { model, loss, optimizer, clip, counter, seed } = parts;
  const leaves = trainedLeaves(model);
  return runner(session, "f32", (note) => (x, t, lr) => {
    const context = training(counter, seed);
    const output = model.forward(x, context);
    const value = scalarLoss(loss, output, t);
    const names = Object.keys(leaves);
    const grads = gradients(value, Object.values(leaves));
    const record = Object.fromEntries(names.map((name, i) => [name, grads[i]!]));
    const updates = optimizer.step(leaves, clip === undefined ? record : clip(record), lr);
    return { outputs: [figures(value, output, t, note)], updates: [...updates, ...context.updates] };
  });
}

/** Loss and right answers in prediction; without a loss, right answers alone. */
export function measurement(model: Layer, loss: Loss | undefined, session: Session): Runner {
  return runner(session, undefined, (note) => (x, t) => {
    const output = model.forward(x, inference());
    return { outputs: [figures(loss === undefined ? undefined : scalarLoss(loss, output, t), output, t, note)] };
  });
}

/** Number of classes where the output is [N, K] and the targets are classes [N]. */
type Note = (classes: number | undefined) => void;
type Build = (...inputs: Tensor[]) => { outputs: readonly Tensor[]; updates?: readonly (readonly [Tensor, Tensor])[] };

function runner(session: Session, lrType: "f32" | undefined, make: (note: Note) => Build): Runner {
  let classes: number | undefined;
  const programs: Jit = jit(
    make((count) => (classes = count)),
    session,
  );
  const rate = new Float32Array(1);
  return {
    async run(batch, lr = 0) {
      const specs: Spec[] = [
        specOf(batch.inputs),
        specOf(batch.targets),
        ...(lrType === undefined ? [] : [{ shape: [], dtype: lrType } as const]),
      ];
      const program: Program = await programs.program(specs);
      if (classes !== undefined) checkClasses(batch, classes);
      rate[0] = lr;
      const room = program.step([batch.inputs.data, batch.targets.data, ...(lrType === undefined ? [] : [rate])]);
      const tally = program.read(0).then(([loss, correct]): Tally => ({ loss: loss!, correct }));
      tally.catch(() => {}); // it is awaited later, unless the run has ended by then, for the same reason
      await room;
      return { tally };
    },
    close: () => programs.close(),
  };
}

function specOf({ data, shape }: Batch["inputs"]): Spec {
  return { shape, dtype: data instanceof Int32Array ? "i32" : "f32" };
}

function scalarLoss(loss: Loss, output: Tensor, target: Tensor): Tensor {
  const value: unknown = loss(output, target);
  if (!isTensor(value))
    throw new TatamiError(
      "argument",
      `loss gave ${show(value)}; give a function that returns a tensor, such as crossEntropy`,
      { op: "fit" },
    );
  if (sizeOf(value.shape) === 1) return reshape(value, []);
  throw new TatamiError(
    "gradient",
    `loss gave shape ${showShape(value.shape)}, wanted a single number; take its mean`,
    { op: "fit", details: { shape: value.shape } },
  );
}

/** [loss] or [loss, right answers], f32: one read for both. */
function figures(loss: Tensor | undefined, output: Tensor, target: Tensor, note: Note): Tensor {
  const classified =
    output.shape.length === 2 &&
    target.shape.length === 1 &&
    target.dtype === "i32" &&
    target.shape[0] === output.shape[0];
  note(classified ? output.shape[1] : undefined);
  const first = loss === undefined ? undefined : cast(reshape(loss, [1]), "f32");
  if (!classified) {
    if (first !== undefined) return first;
    throw new TatamiError(
      "argument",
      `accuracy wants scores [N, K] and classes [N] (i32 or bytes), given ${showShape(output.shape)} and ${target.dtype} ${showShape(target.shape)}; use measure with a loss`,
      { op: "accuracy" },
    );
  }
  const right = reshape(sum(cast(equal(argmax(detach(output), { axis: 1 }), target), "f32")), [1]);
  return concat([first ?? right, right]);
}

function checkClasses({ targets: { data } }: Batch, classes: number): void {
  for (const [i, label] of data.entries()) {
    if (label >= 0 && label < classes) continue;
    throw new TatamiError(
      "argument",
      `a target is ${label} (sample ${i} of its batch), but the model knows the classes 0 to ${classes - 1}; correct the labels, or give the model ${Math.max(label + 1, 2)} outputs`,
      {
        op: "fit",
        details: { label, classes },
      },
    );
  }
}
