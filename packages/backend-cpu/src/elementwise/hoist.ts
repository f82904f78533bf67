/**
 * What a chain works out from small operands alone (batch norm's scale from a variance and a gain) is worked out once per
 * run and kept in scratch, not once per element. So the engine may put such steps into every chain that reads them.
 */
import { broadcastShapes, isFloat, sizeOf, type MapStep, type Shape, type Spec } from "@tatamijs/core/backend";
import { f32Bytes, f32Part, type CpuKernel } from "../kernel.ts";
import { elementwise } from "./machine.ts";
import { stepsOf, typeOf, type Steps } from "./steps.ts";

/** A value this many times smaller than the chain's is worth a pass of its own. */
const smaller = 4;

/** The kernel that `build` makes of the steps that are left; a reason instead, where the machine has too few registers. */
export function hoisted(
  inputs: readonly Spec[],
  steps: readonly MapStep[],
  build: (inputs: readonly Spec[], steps: Steps, shape: Shape) => CpuKernel,
): CpuKernel | string {
  const count = inputs.length;
  const values: Spec[] = [...inputs];
  for (const step of steps) {
    const from = step.inputs.map((k) => values[k]!);
    const shape = from.reduce((all: Shape, spec) => broadcastShapes(all, spec.shape, "map"), []);
    values.push({ shape, dtype: typeOf(step, from) });
  }
  const last = values.length - 1;
  const { shape } = values[last]!;
  // In f32, which is what registers hold of floats.
  const isSmall = (k: number): boolean =>
    k >= count && isFloat(values[k]!.dtype) && sizeOf(values[k]!.shape) * smaller <= sizeOf(shape);
  const rest = part(steps, count, last, (k) => k < count || isSmall(k));
  const left = stepsOf(
    rest.reads.map((k) => values[k]!),
    rest.steps,
  );
  if (typeof left === "string") return left;
  const small = rest.reads.filter(isSmall);
  const main = build(
    rest.reads.map((k) => (isSmall(k) ? { ...values[k]!, dtype: "f32" } : values[k]!)),
    left,
    shape,
  );
  if (small.length === 0 && rest.reads.length === count) return main;

  let scratch = Math.ceil((main.scratch ?? 0) / 64) * 64;
  const before = small.map((k) => {
    const { reads, steps: own } = part(steps, count, k, (i) => i < count);
    const specs = reads.map((i) => inputs[i]!);
    // A part of a chain that fits needs no more registers.
    const { ops, result } = stepsOf(specs, own) as Steps;
    const at = scratch;
    scratch += f32Bytes(sizeOf(values[k]!.shape));
    return { k, at, reads, kernel: elementwise(specs, { shape: values[k]!.shape, dtype: "f32" }, ops, result) };
  });
  return {
    scratch,
    inPlace: (main.inPlace ?? []).map((i) => rest.reads[i]!).filter((k) => k < count),
    bind(io) {
      const made = before.map(({ k, at }) => f32Part(io.scratch, at, sizeOf(values[k]!.shape)));
      const runs = before.map(({ reads, kernel }, i) =>
        kernel.bind({ ...io, inputs: reads.map((k) => io.inputs[k]!), output: made[i]! }),
      );
      const operands = rest.reads.map((k) => (k < count ? io.inputs[k]! : made[small.indexOf(k)]!));
      runs.push(main.bind({ ...io, inputs: operands }));
      return () => {
        for (let i = 0; i < runs.length; i++) runs[i]!();
      };
    },
  };
}

/** The steps that value `last` needs, and the values they read: at the `edge` the search ends. */
function part(
  steps: readonly MapStep[],
  count: number,
  last: number,
  edge: (k: number) => boolean,
): { readonly reads: readonly number[]; readonly steps: readonly MapStep[] } {
  const needed = new Set([last]);
  for (const k of needed) if (!edge(k) || k === last) for (const i of steps[k - count]?.inputs ?? []) needed.add(i);
  const order = [...needed].toSorted((a, b) => a - b);
  const own = order.filter((k) => k === last || !edge(k));
  const reads = order.filter((k) => !own.includes(k));
  const at = new Map([...reads, ...own].map((k, i) => [k, i]));
  return {
    reads,
    steps: own.map((k) => ({ ...steps[k - count]!, inputs: steps[k - count]!.inputs.map((i) => at.get(i)!) })),
  };
}
