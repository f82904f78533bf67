/** From the steps of a `map` to instructions; a register is used again once its value was read for the last time. */
import type { DType, MapStep, Spec } from "@tatamijs/core/backend";
import {
  binaryInstruction,
  castInstruction,
  selectInstruction,
  unaryInstruction,
  type Instruction,
} from "./functions.ts";
import type { Op } from "./machine.ts";
import { registerCount } from "./registers.ts";

export interface Steps {
  readonly ops: readonly Op[];
  /** The register of the last value. */
  readonly result: number;
}

/** A reason instead, where the machine has too few registers. */
export function stepsOf(inputs: readonly Spec[], steps: readonly MapStep[]): Steps | string {
  const dtypes: DType[] = inputs.map((spec) => spec.dtype);
  const lastRead = new Map<number, number>();
  steps.forEach((step, j) => step.inputs.forEach((k) => lastRead.set(k, j)));
  lastRead.set(inputs.length + steps.length - 1, steps.length);
  const registerOf = inputs.map((_, k) => k);
  const free: number[] = [];
  let used = inputs.length;
  const ops = steps.map((step, j): Op => {
    const [a = 0, b = 0, c = 0] = step.inputs.map((k) => registerOf[k]!);
    const from = dtypes[step.inputs[0]!]!;
    const run = instructionOf(step, from);
    dtypes.push(
      typeOf(
        step,
        step.inputs.map((k) => ({ dtype: dtypes[k]! })),
      ),
    );
    const to = free.pop() ?? used++;
    registerOf.push(to);
    for (const k of new Set(step.inputs)) if (lastRead.get(k) === j) free.push(registerOf[k]!);
    return { run, to, a, b, c };
  });
  if (used > registerCount) return `a chain that needs ${used} registers; the machine has ${registerCount}`;
  return { ops, result: registerOf.at(-1)! };
}

function instructionOf(step: MapStep, from: DType): Instruction {
  if (step.op === "select") return selectInstruction();
  if (step.op === "cast") return castInstruction(from, step.attrs.dtype);
  return step.op === "unary" ? unaryInstruction(step.attrs.fn, from) : binaryInstruction(step.attrs.fn, from);
}

const tests: readonly string[] = ["isNaN", "equal", "less", "lessEqual", "and", "or", "xor"];

/** The element type of what a step makes. */
export function typeOf(step: MapStep, from: readonly Pick<Spec, "dtype">[]): DType {
  if (step.op === "select") return from[1]!.dtype;
  if (step.op === "cast") return step.attrs.dtype;
  return tests.includes(step.attrs.fn) ? "bool" : from[0]!.dtype;
}
