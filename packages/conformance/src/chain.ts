/** Chains of pointwise steps, and how what an operand may be off by is carried through them. */
import type { MapStep } from "@tatamijs/core";
import type { Meaning } from "./meaning.ts";
import { binaryMeaning } from "./ops/binary.ts";
import { castKit } from "./ops/cast.ts";
import { selectKit } from "./ops/select.ts";
import { unaryMeaning } from "./ops/unary.ts";
import { unit, type Value } from "./value.ts";

function stepMeaning(step: MapStep, inputs: readonly Value[]): Meaning {
  switch (step.op) {
    case "unary":
      return unaryMeaning(inputs, step.attrs);
    case "binary":
      return binaryMeaning(inputs, step.attrs);
    case "select":
      return selectKit.meaning(inputs, step.attrs);
    case "cast":
      return castKit.meaning(inputs, step.attrs);
  }
}

/** A value and, absolute, what it may be off by. */
export interface Carried {
  readonly value: Value;
  readonly off: Float64Array;
}

function shifted({ value, off }: Carried, sign: 1 | -1): Value {
  return { ...value, data: value.data.map((x, i) => x + sign * off[i]!) };
}

function carry(step: MapStep, operands: readonly Carried[]): Carried {
  const values = operands.map(({ value }) => value);
  const at = stepMeaning(step, values);
  const off = at.values.map((_, i) => (Number.isFinite(at.error?.[i]) ? at.error![i]! * unit(at.dtype) : 0));
  operands.forEach((operand, k) => {
    if (operand.off.every((e) => e === 0)) return;
    for (const sign of [1, -1] as const) {
      const moved = stepMeaning(step, values.with(k, shifted(operand, sign))).values;
      moved.forEach((y, i) => {
        const change = Math.abs(y - at.values[i]!);
        if (Number.isFinite(change)) off[i]! += change;
      });
    }
  });
  return { value: { shape: at.shape, dtype: at.dtype, data: at.values }, off };
}

/** The chain's value. */
export function chained(inputs: readonly Value[], steps: readonly MapStep[]): Carried {
  const all: Carried[] = inputs.map((value) => ({ value, off: new Float64Array(value.data.length) }));
  for (const step of steps)
    all.push(
      carry(
        step,
        step.inputs.map((k) => all[k]!),
      ),
    );
  return all.at(-1)!;
}
