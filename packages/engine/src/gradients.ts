/**
 * Reverse differentiation: one walk from the loss back, each node's gradient complete before it is passed on.
 *
 * A composite without a gradient of its own is walked as its expansion, whose root then is renamed to the composite: the
 * forward half keeps it whole. Where the gradient needs more of the inside than that, `open` opens it.
 */
import {
  add,
  broadcast,
  constant,
  expansion,
  isFloat,
  showShape,
  sizeOf,
  siteLine,
  TatamiError,
  type Gradients,
  type Tensor,
} from "@tatamijs/core";
import { checkTensors } from "./doors.ts";
import { rewritten, storedForm, topological, withInputs, type Stored } from "./graph.ts";

const opened = (y: Tensor): boolean => y.op.kind === "composite" && y.op.grad === undefined;

/**
 * The gradients of `loss` (a float of one element) by each of `wrt`, in their shapes. A parameter may be given in the form
 * said, `transpose(state)`. What the loss does not depend on has gradient 0.
 * @throws TatamiError `gradient` when `loss` is no such float, or an op on the way has no gradient.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  checkTensors([loss], "gradients", "loss");
  checkTensors(wrt, "gradients", "wrt");
  if (sizeOf(loss.shape) !== 1 || !isFloat(loss.dtype)) {
    throw new TatamiError(
      "gradient",
      `loss is ${loss.dtype} ${showShape(loss.shape)}; give a float of one element, such as its mean or sum`,
      { op: "gradients" },
    );
  }
  // A transposed leaf stands for its leaf: ops may read the leaf by another path (two transpositions in a row are one).
  const wanted = wrt.map((w): Stored => storedForm(w) ?? { leaf: w, said: (g) => g, stored: (g) => g });
  const targets = new Set(wanted.map(({ leaf }) => leaf));

  const order = topological([loss], (y) => (opened(y) ? [expansion(y)] : y.inputs));
  const needed = new Set<Tensor>();
  for (const y of order) {
    if (targets.has(y) || (opened(y) ? needed.has(expansion(y)) : y.inputs.some((x) => needed.has(x)))) needed.add(y);
  }

  const found = new Map<Tensor, Tensor>();
  const whole = new Map<Tensor, Tensor>();
  const receive = (x: Tensor, dx: Tensor): void => {
    const sum = found.get(x);
    found.set(x, sum === undefined ? dx : add(sum, dx));
  };
  if (needed.has(loss))
    found.set(
      loss,
      constant(
        [1],
        loss.shape.map(() => 1),
        loss.dtype,
      ),
    );
  for (const y of order.toReversed()) {
    const dy = found.get(y);
    if (dy === undefined || !needed.has(y)) continue;
    if (opened(y)) {
      whole.set(expansion(y), y);
      receive(expansion(y), dy);
      continue;
    }
    if (y.inputs.length === 0) continue;
    const parts = gradOf(y, dy);
    y.inputs.forEach((x, k) => {
      const part = parts[k];
      if (part !== undefined && needed.has(x)) receive(x, part);
    });
  }

  const made = wanted.map(({ leaf, said }) => said(found.get(leaf) ?? zeros(leaf)));
  const renamed = rewritten(made, (y, inputs) => whole.get(y) ?? withInputs(y, inputs));
  return made.map(renamed);
}

function zeros(x: Tensor): Tensor {
  const dtype = isFloat(x.dtype) ? x.dtype : "f32";
  return broadcast(
    constant(
      [0],
      x.shape.map(() => 1),
      dtype,
    ),
    x.shape,
  );
}

function gradOf(y: Tensor, dy: Tensor): Gradients {
  if (y.op.grad !== undefined) return y.op.grad(y, dy);
  const line = siteLine(y);
  throw new TatamiError(
    "gradient",
    `${y.op.name} has no gradient${line === undefined ? "" : ` (made at ${line})`}; put detach around it, or leave it out of the loss`,
    {
      op: y.op.name,
    },
  );
}
