/**
 * Folds what is affine per channel (batch norm in prediction) into the op before it: y = a·f(x, w) + b = f(x, a·w) + b for an
 * f that says how a scale by output channel enters it (`scaled`), and steps that say that they are affine. a and b come from
 * constants and states that the program does not update, so a·w is worked out once per version of the weights: they stay live.
 */
import { add, isFloat, mul, sameShape, type Tensor } from "@tatamijs/core";
import { consumersOf, onceNodes, rewrite, rootsOf, scaled, topological, withInputs, type Graph } from "./graph.ts";

interface Fold {
  readonly base: Tensor;
  readonly end: Tensor;
  readonly scale: Tensor;
  readonly shift: Tensor | undefined;
}

export function affine(graph: Graph): Graph {
  const roots = rootsOf(graph);
  const order = topological(roots);
  const ends = new Set(roots);
  const consumers = consumersOf(order);
  const once = onceNodes(graph);
  const only = (x: Tensor): Tensor | undefined => {
    const [y, ...more] = ends.has(x) ? [] : consumers.get(x)!;
    return more.length === 0 ? y : undefined;
  };
  const folds = new Map<Tensor, Fold>();
  for (const base of order) {
    if (once.has(base) || !isFloat(base.dtype)) continue;
    const found = chain(base, only, once);
    if (found !== undefined) folds.set(found.end, found);
  }
  return rewrite(graph, (y, inputs, now) => {
    const found = folds.get(y);
    const base = found === undefined ? undefined : scaled(now(found.base), found.scale);
    if (found === undefined || base === undefined) return withInputs(y, inputs);
    return found.shift === undefined ? base : add(base, found.shift);
  });
}

/** The affine steps that follow `base` and nothing else does; undefined where folding them gains nothing. */
function chain(base: Tensor, only: (x: Tensor) => Tensor | undefined, once: ReadonlySet<Tensor>): Fold | undefined {
  const channels = base.shape.map((dim, axis) => (axis === base.shape.length - 1 ? dim : 1));
  const perChannel = (v: Tensor | undefined): boolean =>
    v === undefined ||
    (v.shape.length === channels.length && v.shape.every((dim, axis) => dim === 1 || dim === channels[axis]));
  let scale: Tensor | undefined;
  let shift: Tensor | undefined;
  let end = base;
  for (let y = only(end); y !== undefined; y = only(end)) {
    const operand = y.inputs.indexOf(end);
    if (!sameShape(y.shape, base.shape) || !y.inputs.every((x, k) => k === operand || once.has(x))) break;
    const step = y.op.affine?.(y, operand);
    if (step === undefined || !perChannel(step.scale) || !perChannel(step.shift)) break;
    const scaledShift = shift === undefined || step.scale === undefined ? shift : mul(shift, step.scale);
    shift =
      scaledShift === undefined || step.shift === undefined
        ? (step.shift ?? scaledShift)
        : add(scaledShift, step.shift);
    scale = scale === undefined || step.scale === undefined ? (step.scale ?? scale) : mul(scale, step.scale);
    end = y;
  }
  const weighted = scale === undefined ? undefined : scaled(base, scale);
  // What is scaled must be known before the run: else the scale would be paid for in every run.
  const changed = weighted?.inputs.findIndex((x, k) => x !== base.inputs[k]) ?? -1;
  return changed >= 0 && once.has(base.inputs[changed]!) ? { base, end, scale: scale!, shift } : undefined;
}
