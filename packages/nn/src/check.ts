/** Arguments of layers, as users give them: each check names the layer, the argument, what was given and what is wanted. */
import { wrongArgument } from "@tatamijs/core";

/** A finite number from `least` to `most`. @throws TatamiError `argument`. */
export function checkNumber(value: unknown, op: string, name: string, least: number, most: number = Infinity): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= least && value <= most) return value;
  throw wrongArgument(
    op,
    name,
    value,
    most === Infinity ? `a finite number ≥ ${least}` : `a number from ${least} to ${most}`,
  );
}
