/**
 * Gradients: core's formulas, run on the backend's kernels, against central differences of the float64 meaning.
 *
 * For a random dy and a random direction v over all operands together, Σ_k ⟨grad_k, v_k⟩ must be the slope of
 * t ↦ ⟨dy, meaning(x + t·v)⟩ at 0. A wrong element of a gradient moves that sum by itself, so three directions find it. The
 * slope is taken in float64 over ±10⁻⁶, so that only rounding of the kernels remains.
 */
import { add, expansion, input, isFloat, type Gradients, type Tensor, type TypedArray } from "@tatamijs/core";
import { kitOf } from "./kits.ts";
import { rng, seedOf, type Rng } from "./rng.ts";
import type { Subject } from "./subject.ts";
import { toTyped, type Value } from "./value.ts";

export interface GradientGraph {
  /** By input of the case; undefined where none flows. */
  readonly gradients: readonly (Tensor | undefined)[];
  readonly feeds: ReadonlyMap<Tensor, TypedArray>;
  readonly dy: Float64Array;
}

/** Undefined where no gradient is defined. */
export function gradientGraph(subject: Subject, through: "op" | "expansion" = "op"): GradientGraph | undefined {
  const { y, meaning, feeds } = subject;
  if (!isFloat(y.dtype)) return undefined;
  const from = rng(seedOf(`${subject.case.id}#dy`));
  const dy = Float64Array.from(meaning.values, () => (from.chance(0.5) ? 1 : -1) * from.pick([0.5, 0.75, 1, 1.25]));
  for (const i of kinks(subject, from)) dy[i] = 0;
  const leaf = input(y.shape, y.dtype, "dy");
  const gradients =
    through === "op" && y.op.grad !== undefined
      ? y.op.grad(y, leaf)
      : y.op.kind === "composite"
        ? backward(expansion(y), y.inputs, leaf)
        : undefined;
  if (gradients === undefined || gradients.every((g) => g === undefined)) return undefined;
  return { gradients, dy, feeds: new Map([...feeds, [leaf, toTyped(y.dtype, dy)]]) };
}

/** Reverse mode over a small graph. */
function backward(y: Tensor, inputs: readonly Tensor[], dy: Tensor): Gradients {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const visit = (node: Tensor): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (!inputs.includes(node)) node.inputs.forEach(visit);
    order.push(node);
  };
  visit(y);
  const total = new Map<Tensor, Tensor>([[y, dy]]);
  for (const node of order.reverse()) {
    const g = total.get(node);
    if (g === undefined || inputs.includes(node) || !isFloat(node.dtype) || node.inputs.length === 0) continue;
    const parts =
      node.op.grad?.(node, g) ?? (node.op.kind === "composite" ? backward(expansion(node), node.inputs, g) : []);
    parts.forEach((part, k) => {
      if (part === undefined) return;
      const to = node.inputs[k]!;
      const before = total.get(to);
      total.set(to, before === undefined ? part : add(before, part));
    });
  }
  return inputs.map((x) => total.get(x));
}

/**
 * Output elements that stand so near a kink (relu6 at 6, a tie of maxima) that rounding in f32 may put the kernel on its
 * other side: no gradient is right there, and theirs is not asked for. A kink shows as slopes that differ before and after:
 * over ±t they differ by a share of themselves, where those of a smooth function differ by t·y''/y'.
 */
function kinks(subject: Subject, from: Rng): number[] {
  const t = 1e-4;
  const mid = subject.meaning.values;
  const found = new Set<number>();
  for (let direction = 0; direction < 2; direction++) {
    const moves = subject.values.map((x, k) =>
      isFloat(subject.y.inputs[k]!.dtype) ? x.data.map(() => (from.chance(0.5) ? 1 : -1)) : undefined,
    );
    const [up, down] = [moved(subject, moves, t), moved(subject, moves, -t)];
    for (let i = 0; i < mid.length; i++) {
      const [after, before] = [up[i]! - mid[i]!, mid[i]! - down[i]!];
      const share = Math.abs(after) + Math.abs(before);
      if (Math.abs(after - before) > Math.max(0.02 * share, 1e-3 * t)) found.add(i);
    }
  }
  return [...found];
}

type Moves = readonly (ArrayLike<number> | undefined)[];

/** The meaning with every operand moved by t along its direction, and what depends on operands (batch statistics) with them. */
function moved({ case: one, values }: Subject, moves: Moves, t: number): Float64Array {
  const kit = kitOf(one.op);
  const shifted = values.map((x, k): Value => {
    const v = moves[k];
    return v === undefined ? x : { ...x, data: x.data.map((a, i) => a + t * v[i]!) };
  });
  return kit.meaning(kit.couple?.(shifted, one.attrs) ?? shifted, one.attrs).values;
}

export interface Slope {
  readonly analytic: number;
  readonly numeric: number;
  readonly tolerance: number;
}

/** Rounding of f32 through a chain of kernels, relative to Σ|gᵢvᵢ| + Σ|dyᵢ·yᵢ'|: about 500 ulps. A wrong term is off by 1/n of it. */
const relative = 3e-5;
/** Formulas such as dy·(1 − y²) take the rounding of 1 with them where they are nearly 0: four units of each dy. */
const cancelled: number = 4 * 2 ** -24;
const step = 1e-6;

/** Slopes along random directions; a wrong gradient differs in at least one. */
export function slopes(
  subject: Subject,
  dy: Float64Array,
  gradients: readonly (TypedArray | undefined)[],
  directions = 3,
): Slope[] {
  const from = rng(seedOf(`${subject.case.id}#directions`));
  return Array.from({ length: directions }, () => slope(subject, dy, gradients, from));
}

function slope(subject: Subject, dy: Float64Array, gradients: readonly (TypedArray | undefined)[], from: Rng): Slope {
  const moves = subject.values.map((x, k) =>
    gradients[k] === undefined ? undefined : x.data.map(() => (from.chance(0.5) ? 1 : -1)),
  );
  const [up, down] = [moved(subject, moves, step), moved(subject, moves, -step)];
  let numeric = 0;
  let scale = 0;
  for (let i = 0; i < dy.length; i++) {
    const part = (dy[i]! * (up[i]! - down[i]!)) / (2 * step);
    numeric += part;
    scale += Math.abs(part);
  }
  let analytic = 0;
  moves.forEach((v, k) =>
    v?.forEach((d, i) => {
      analytic += gradients[k]![i]! * d;
      scale += Math.abs(gradients[k]![i]!);
    }),
  );
  const noise = 1e-9 * up.reduce((sum, y) => sum + Math.abs(y), 0);
  return {
    analytic,
    numeric,
    tolerance: relative * scale + cancelled * dy.reduce((sum, g) => sum + Math.abs(g), 0) + noise,
  };
}
