/** An optimiser that also keeps the gradients of its last step, each in a slot `….grad`: to be looked at. */
import { state, type Optimizer, type Tensor } from "tatamijs";

export function watched(inner: Optimizer): Optimizer {
  const kept = new Map<Tensor, Tensor>();
  const slotOf = (leaf: Tensor): Tensor => {
    let slot = kept.get(leaf);
    if (slot === undefined) {
      const size = leaf.shape.reduce((product, dim) => product * dim, 1);
      kept.set(leaf, (slot = state(new Float32Array(size), leaf.shape)));
    }
    return slot;
  };
  return {
    name: inner.name,
    lr: inner.lr,
    slots(parameters) {
      const own = Object.entries(parameters).map(([name, leaf]) => [`${name}.grad`, slotOf(leaf)] as const);
      return { ...inner.slots(parameters), ...Object.fromEntries(own) };
    },
    step(parameters, grads, lr) {
      const own = Object.entries(parameters).map(([name, leaf]) => [slotOf(leaf), grads[name]!] as const);
      return [...inner.step(parameters, grads, lr), ...own];
    },
  };
}
