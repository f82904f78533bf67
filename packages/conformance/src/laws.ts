/**
 * Laws: two graphs that must give the same numbers, whatever they are. They need no oracle, so they would also show an
 * oracle and a backend that are wrong in the same way. Inputs are whole numbers, so both sides are exact; a kernel that says
 * it is not exact is held to 2⁻¹² of the largest element.
 */
import { input, type Tensor, type TypedArray } from "@tatamijs/core";
import { materialise, integers } from "./fill.ts";
import { isInexact } from "./kernel.ts";
import { convolutionLaws } from "./laws/convolution.ts";
import { otherLaws } from "./laws/others.ts";
import type { Law, Leaf } from "./laws/sentences.ts";
import type { AnyBackend } from "./memory.ts";
import type { Result } from "./result.ts";
import { evaluateOn } from "./run.ts";
import { toTyped } from "./value.ts";

/** All laws. */
export function allLaws(): readonly Law[] {
  return [...convolutionLaws(), ...otherLaws];
}

/** Runs both sides in one program, so that they share their leaves. */
export async function checkLaw(backend: AnyBackend, law: Law): Promise<Result> {
  const base = { id: law.id, op: law.op, check: "law" as const };
  const feeds = new Map<Tensor, TypedArray>();
  const leaf: Leaf = (shape) => {
    const made = input([...shape]);
    feeds.set(made, toTyped("f32", materialise(integers(shape, -3, 3), law.id, feeds.size).data));
    return made;
  };
  try {
    const sides = law.sides(leaf);
    const ran = await evaluateOn(backend, sides, feeds);
    if (ran.runs === undefined) return { ...base, status: "declined", reason: ran.prepared.declined[0]!.reason };
    const [left, right] = ran.runs[0]! as readonly [TypedArray, TypedArray];
    const largest = Array.from(right).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    const tolerance = isInexact(ran.prepared) ? largest * 2 ** -12 : 0;
    const off = left.findIndex((x: number, i: number) => !(Math.abs(x - right[i]!) <= tolerance));
    if (off >= 0 || left.length !== right.length)
      return {
        ...base,
        status: "fail",
        reason: `element ${off} is ${left[off]} on the left, ${right[off]} on the right`,
      };
    return {
      ...base,
      status: ran.fault === undefined ? "pass" : "fail",
      ...(ran.fault === undefined ? {} : { reason: ran.fault }),
    };
  } catch (error) {
    return {
      ...base,
      status: "fail",
      reason: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    };
  }
}
