/** A case brought to life: its numbers, what they mean, and its node of core. */
import { composites, input, node, primitives, type AnyOp, type Tensor, type TypedArray } from "@tatamijs/core";
import { materialise } from "./fill.ts";
import { kitOf } from "./kits.ts";
import type { Case, Meaning } from "./meaning.ts";
import { hasArray, toDType, toTyped, type Value } from "./value.ts";

export interface Subject {
  readonly case: Case;
  readonly values: readonly Value[];
  readonly meaning: Meaning;
  /** core's node, over input leaves. */
  readonly y: Tensor;
  readonly feeds: ReadonlyMap<Tensor, TypedArray>;
  /** All inputs are whole numbers. */
  readonly whole: boolean;
}

export function opRecord(name: string): AnyOp {
  return ({ ...primitives, ...composites } as Readonly<Record<string, AnyOp>>)[name]!;
}

const alive = new WeakMap<Case, Subject>();

/** Once per case in a process: the oracle is slow on purpose. */
export function bringToLife(one: Case): Subject {
  const known = alive.get(one);
  if (known !== undefined) return known;
  const values = one.inputs.map((operand, place) => materialise(operand, one.id, place));
  const leaves = values.map(({ shape, dtype }, i) => input([...shape], dtype, `input ${i}`));
  const made: Subject = {
    case: one,
    values,
    meaning: kitOf(one.op).meaning(values, one.attrs),
    y: node(opRecord(one.op), leaves, one.attrs),
    feeds: new Map(leaves.map((leaf, i) => [leaf, toTyped(leaf.dtype, values[i]!.data)])),
    whole: values.every(({ data }) => data.every((x) => Number.isInteger(x))),
  };
  alive.set(one, made);
  return made;
}

/** A dtype of the case that this runtime has no array for. */
export function missingDType(one: Case): string | undefined {
  return one.inputs.map(({ dtype }) => dtype).find((dtype) => !hasArray(dtype));
}

/** Where core, the oracle and the hand disagree about a case: about the case itself, not about a backend. */
export function disagreement({ case: one, meaning, y }: Subject): string | undefined {
  const list = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
  if (list(meaning.shape) !== list(y.shape) || meaning.dtype !== y.dtype) {
    return `core says ${y.dtype} ${list(y.shape)}, the oracle ${meaning.dtype} ${list(meaning.shape)}`;
  }
  const hand = one.expect;
  if (hand === undefined) return undefined;
  const wrong = hand.findIndex(
    (x, i) => !sameNumber(toDType(meaning.dtype, x), toDType(meaning.dtype, meaning.values[i]!)),
  );
  if (wrong >= 0 || hand.length !== meaning.values.length) {
    return `worked by hand, element ${Math.max(wrong, 0)} is ${hand[wrong]}; the oracle says ${meaning.values[wrong]} (${meaning.values.length} elements)`;
  }
  return undefined;
}

const sameNumber = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
