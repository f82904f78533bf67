/**
 * Folds what is affine per channel (batch norm in prediction) into the op before it: y = a·f(x, w) + b = f(x, a·w) + b for an
 * f that says how a scale by output channel enters it (`scaled`). a and b come from constants and states that the program
 * does not update, so a·w is worked out once per version of the weights: they stay live.
 *
 * No op is named. A step is affine if it is on probes; its slope is what its own gradient says for a gradient of one, its
 * offset what it makes of the offset so far.
 */
import {
  add,
  constant,
  expansion,
  isFloat,
  mul,
  sameShape,
  typedArray,
  type Primitive,
  type Shape,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import { consumersOf, regraph, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import { onceNodes } from "./settle.ts";

interface Fold {
  readonly base: Tensor;
  readonly scale: Tensor;
  readonly shift: Tensor;
}

export function affine(graph: Graph): Graph {
  const roots = rootsOf(graph);
  const order = topological(roots);
  const ends = new Set(roots);
  const consumers = consumersOf(order);
  const once = onceNodes(graph);
  const folds = new Map<Tensor, Fold>();
  for (const base of order) {
    if (base.op.kind !== "primitive" || base.op.scaled === undefined || once.has(base) || !isFloat(base.dtype))
      continue;
    const found = chain(base, ends, consumers, once);
    if (found !== undefined) folds.set(found.end, found);
  }
  const made = new Map<Tensor, Tensor>();
  for (const y of order) {
    const now = withInputs(
      y,
      y.inputs.map((x) => made.get(x)!),
    );
    const found = folds.get(y);
    const base = found === undefined ? undefined : made.get(found.base)!;
    const scaled = base?.op.kind === "primitive" ? base.op.scaled?.(base, found!.scale) : undefined;
    made.set(y, scaled === undefined ? now : add(scaled, found!.shift));
  }
  return regraph(graph, (y) => made.get(y)!);
}

/** The affine steps that follow `base` and nothing else does. */
function chain(
  base: Tensor,
  ends: ReadonlySet<Tensor>,
  consumers: ReadonlyMap<Tensor, readonly Tensor[]>,
  once: ReadonlySet<Tensor>,
): (Fold & { readonly end: Tensor }) | undefined {
  const shape: Shape = base.shape.map((dim, axis) => (axis === base.shape.length - 1 ? dim : 1));
  const ones = constant(new Float32Array(shape.at(-1)!).fill(1), shape, base.dtype);
  let scale: Tensor | undefined;
  let shift: Tensor = constant(new Float32Array(shape.at(-1)!), shape, base.dtype);
  let end = base;
  for (;;) {
    const readers = consumers.get(end)!;
    const y = readers[0];
    if (
      readers.length !== 1 ||
      ends.has(end) ||
      y === undefined ||
      !sameShape(y.shape, base.shape) ||
      y.dtype !== base.dtype
    )
      break;
    if (!y.inputs.every((x) => x === end || once.has(x))) break;
    const steps = stepsBetween(end, y, shape);
    if (steps === undefined) break;
    for (const { op, node, operand } of steps) {
      const at = (x: Tensor): Tensor => ({ ...node, shape, inputs: node.inputs.with(operand, x) });
      const slope = op.grad?.(at(shift), ones)[operand];
      if (slope === undefined) return undefined;
      scale = scale === undefined ? slope : mul(scale, slope);
      shift = at(shift);
    }
    end = y;
  }
  // A shift alone is a bias already; and a weight that changes at every run would be scaled at every run.
  if (scale === undefined || scale.op.kind !== "primitive" || isOne(scale)) return undefined;
  const scaled = base.op.kind === "primitive" ? base.op.scaled?.(base, scale) : undefined;
  const changed = scaled === undefined ? -1 : scaled.inputs.findIndex((x, k) => x !== base.inputs[k]);
  return changed >= 0 && once.has(base.inputs[changed]!) ? { base, scale, shift, end } : undefined;
}

const isOne = (x: Tensor): boolean => x.data !== undefined && x.data.every((v: number) => v === 1);

interface StepBetween {
  readonly op: Primitive<unknown>;
  readonly node: Tensor;
  readonly operand: number;
}

/** From `x` to `y` through affine steps, each reading the one before in one place; into `y` when it is a composite. */
function stepsBetween(x: Tensor, y: Tensor, shape: Shape): StepBetween[] | undefined {
  const edge = new Set(y.inputs);
  const root = y.op.kind === "composite" ? expansion(y) : y;
  const nodes = y.op.kind === "composite" ? topological([root], (z) => (edge.has(z) ? [] : z.inputs)) : [x, y];
  const from = new Set([x]);
  const steps: StepBetween[] = [];
  let last = x;
  for (const node of nodes) {
    if (node === x || !node.inputs.some((z) => from.has(z))) continue;
    const { op } = node;
    const operand = node.inputs.indexOf(last);
    if (
      op.kind !== "primitive" ||
      op.pointwise !== true ||
      operand < 0 ||
      node.inputs.filter((z) => from.has(z)).length !== 1 ||
      !isAffine(op, node, operand)
    )
      return undefined;
    const fits = node.inputs.every(
      (z, k) =>
        k === operand ||
        (z.shape.length === shape.length && z.shape.every((dim, axis) => dim === 1 || dim === shape[axis])),
    );
    if (!fits) return undefined;
    steps.push({ op, node, operand });
    from.add(node);
    last = node;
  }
  return last === root ? steps : undefined;
}

/** f(0 + 2t) − f(0) = 2(f(t) − f(0)) for a few t, whatever the other operands are. */
function isAffine(op: Primitive<unknown>, node: Tensor, operand: number): boolean {
  if (op.value === undefined || node.inputs.some((z) => z.dtype !== node.dtype)) return false;
  const spec = { shape: [5], dtype: node.dtype };
  return [1.5, -0.75, 3].every((c) => {
    const given = (values: readonly number[]): TypedArray => {
      const out = typedArray(node.dtype, values.length);
      out.set(values);
      return out;
    };
    const others = node.inputs.map((_, k) => given(k === operand ? [0, 1, 2, -100, -200] : [c, c, c, c, c]));
    const [f0, f1, f2, f3, f4] = op.value!(
      others,
      node.attrs,
      spec,
      node.inputs.map(() => spec),
    ) as unknown as [number, number, number, number, number];
    const about = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-3 * (Math.abs(a) + Math.abs(b));
    return (
      f1 !== f0 && about(f2 - f0, 2 * (f1 - f0)) && about(f4 - f0, 2 * (f3 - f0)) && about(f3 - f0, -100 * (f1 - f0))
    );
  });
}
