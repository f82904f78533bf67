import { decline, type DType, type MapStep, type Prepare } from "@tatamijs/core/backend";
import { castInstruction, instruction, selectInstruction, type Instruction } from "../elementwise/functions.ts";
import { elementwise, type Op } from "../elementwise/machine.ts";
import { registerCount } from "../elementwise/registers.ts";
import type { CpuKernel } from "../kernel.ts";

/** A chain on the element-wise machine; registers are used again once their value was read for the last time. */
export const map: Prepare<"map", CpuKernel> = ({ attrs: { steps }, inputs, output }) => {
  const dtypes: DType[] = inputs.map((spec) => spec.dtype);
  const lastRead = new Map<number, number>();
  steps.forEach((step, j) => step.inputs.forEach((k) => lastRead.set(k, j)));
  lastRead.set(inputs.length + steps.length - 1, steps.length);
  const registerOf = inputs.map((_, k) => k);
  const free: number[] = [];
  let used = inputs.length;
  const ops: Op[] = steps.map((step, j) => {
    const [a = 0, b = 0, c = 0] = step.inputs.map((k) => registerOf[k]!);
    const run = instructionOf(step, dtypes);
    dtypes.push(typeOf(step, dtypes));
    const to = free.pop() ?? used++;
    registerOf.push(to);
    // Inputs of this step that nobody reads later (a value read twice here is freed once).
    for (const k of new Set(step.inputs)) if (lastRead.get(k) === j) free.push(registerOf[k]!);
    return { run, to, a, b, c };
  });
  if (used > registerCount) return decline(`a chain that needs ${used} registers; the machine has ${registerCount}`);
  return elementwise(inputs, output, ops, registerOf.at(-1)!);
};

function instructionOf(step: MapStep, dtypes: readonly DType[]): Instruction {
  const from = dtypes[step.inputs[0]!]!;
  switch (step.op) {
    case "unary":
    case "binary":
      return instruction(step.attrs.fn, from);
    case "select":
      return selectInstruction();
    case "cast":
      return castInstruction(from, step.attrs.dtype);
  }
}

function typeOf(step: MapStep, dtypes: readonly DType[]): DType {
  switch (step.op) {
    case "unary":
      return step.attrs.fn === "isNaN" ? "bool" : dtypes[step.inputs[0]!]!;
    case "binary":
      return ["equal", "less", "lessEqual", "and", "or", "xor"].includes(step.attrs.fn)
        ? "bool"
        : dtypes[step.inputs[0]!]!;
    case "select":
      return dtypes[step.inputs[1]!]!;
    case "cast":
      return step.attrs.dtype;
  }
}
