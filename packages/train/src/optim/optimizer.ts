/**
 * What an optimiser is: a factory of slots, and a sentence that says the next values in terms of the old.
 *
 * Slots (momenta, a step counter) are states, made once per optimiser and parameter and outside any program, so that
 * programs for batches of 32 and of 5 share them. One optimiser object keeps its slots from one `fit` to the next. Parameters that
 * first came together share a counter: those of another model, or of layers that are trained later on, count from 0.
 */
import { checkOptions, show, sizeOf, state, TatamiError, typedArray, type Tensor } from "@tatamijs/core";
import { storedForm } from "@tatamijs/nn";

export type Update = readonly [state: Tensor, value: Tensor];

export interface Optimizer {
  /** `adamw` */
  readonly name: string;
  /** The learning rate that schedules scale. */
  readonly lr: number;
  /** The slots of these parameters (by name, stored form): made when a parameter first comes, the same ones ever after. */
  slots(parameters: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
  /**
   * The next values of parameters and slots after one step along `grads`.
   * @param grads by name, of the parameters' (stored) shapes.
   * @param lr this step's learning rate: a number, or a tensor of one element.
   */
  step(
    parameters: Readonly<Record<string, Tensor>>,
    grads: Readonly<Record<string, Tensor>>,
    lr?: Tensor | number,
  ): Update[];
}

/** The slots of one parameter, and those that all share. */
export interface Slots {
  readonly own: Readonly<Record<string, Tensor>>;
  readonly shared: Readonly<Record<string, Tensor>>;
}

export interface Rule {
  readonly name: string;
  readonly lr: number;
  /** Names of the slots of each parameter, zeros at first: PyTorch's, `exp_avg`. */
  readonly own: readonly string[];
  /** Names of f32 [1] states that parameters share which first came together, 0 at first. */
  readonly shared: readonly string[];
  /** Next values of the shared slots; given to `parameter` too. */
  advance(shared: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
  /** Next values of one parameter and its slots. */
  parameter(
    p: Tensor,
    grad: Tensor,
    lr: Tensor | number,
    slots: Slots,
  ): { readonly value: Tensor; readonly own: Readonly<Record<string, Tensor>> };
}

/** An optimiser from its rule: keeps the slots. */
export function optimizer(rule: Rule): Optimizer {
  const ownSlots = new WeakMap<Tensor, Readonly<Record<string, Tensor>>>();
  const sharedSlots = new WeakMap<Tensor, Readonly<Record<string, Tensor>>>();

  /** The shared slots of each parameter. */
  const sharedOf = (leaves: readonly Tensor[]): Readonly<Record<string, Tensor>>[] => {
    const fresh = Object.fromEntries(rule.shared.map((name) => [name, state(new Float32Array(1), [1])]));
    return leaves.map((leaf) => {
      const known = sharedSlots.get(leaf) ?? fresh;
      sharedSlots.set(leaf, known);
      return known;
    });
  };

  const slotsOf = (leaf: Tensor): Readonly<Record<string, Tensor>> => {
    let slots = ownSlots.get(leaf);
    if (slots === undefined) {
      slots = Object.fromEntries(
        rule.own.map((name) => [
          name,
          state(typedArray(leaf.dtype, sizeOf(leaf.shape)), leaf.shape, undefined, leaf.dtype),
        ]),
      );
      ownSlots.set(leaf, slots);
    }
    return slots;
  };

  return {
    name: rule.name,
    lr: rule.lr,
    slots(parameters) {
      const leaves = leavesOf(parameters, rule.name);
      const all: Record<string, Tensor> = {};
      [...new Set(sharedOf([...leaves.values()]))].forEach((shared, k) => {
        for (const [slot, value] of Object.entries(shared)) all[k === 0 ? slot : `${slot}.${k}`] = value;
      });
      for (const [name, leaf] of leaves) {
        for (const [slot, value] of Object.entries(slotsOf(leaf))) all[`${name}.${slot}`] = value;
      }
      return all;
    },
    step(parameters, grads, lr = rule.lr) {
      const leaves = leavesOf(parameters, rule.name);
      const shared = sharedOf([...leaves.values()]);
      const next = new Map(shared.map((slots) => [slots, rule.advance(slots)]));
      const updates: Update[] = [...next].flatMap(([slots, after]) =>
        Object.entries(after).map(([name, value]): Update => [slots[name]!, value]),
      );
      for (const [k, [name, leaf]] of [...leaves].entries()) {
        const grad = grads[name];
        if (grad === undefined) {
          throw new TatamiError("argument", `grads has no ${show(name)}; give one gradient per parameter`, {
            op: rule.name,
            details: { name },
          });
        }
        const own = slotsOf(leaf);
        const { value, own: after } = rule.parameter(leaf, grad, lr, { own, shared: next.get(shared[k]!)! });
        updates.push([leaf, value], ...Object.entries(after).map(([slot, v]): Update => [own[slot]!, v]));
      }
      return updates;
    },
  };
}

/** Parameters by name with equal leaves (tied weights) said once. */
function leavesOf(parameters: Readonly<Record<string, Tensor>>, op: string): Map<string, Tensor> {
  const leaves = new Map<string, Tensor>();
  const seen = new Set<Tensor>();
  for (const [name, value] of Object.entries(checkOptions(parameters, op, "parameters"))) {
    const { leaf, perm } = storedForm(value, name);
    if (perm !== undefined) {
      throw new TatamiError(
        "state",
        `${name} is a transpose of its state; give the stored form, storedForm(${name}).leaf`,
        { op },
      );
    }
    if (!seen.has(leaf)) leaves.set(name, leaf);
    seen.add(leaf);
  }
  return leaves;
}

/** A hyperparameter. @throws TatamiError `argument`. */
export function checkRate(value: unknown, op: string, name: string, least: number, below: number = Infinity): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= least && value < below) return value;
  const range = below === Infinity ? `a finite number ≥ ${least}` : `a number from ${least} to below ${below}`;
  throw new TatamiError("argument", `${name} is ${show(value)}; give ${range}`, {
    op,
    details: { name, given: value },
  });
}
