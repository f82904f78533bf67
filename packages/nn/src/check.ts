/** Arguments of layers, as users give them: each check names the layer, the argument, what was given and what is wanted. */
import { show, TatamiError } from "@tatamijs/core";

/** A whole number ≥ `least`. @throws TatamiError `argument`. */
export function checkCount(value: unknown, op: string, name: string, least: number = 1): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
  throw wrong(op, name, value, `a whole number ≥ ${least}`);
}

/** A finite number from `least` to `most`. @throws TatamiError `argument`. */
export function checkNumber(value: unknown, op: string, name: string, least: number, most: number = Infinity): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= least && value <= most) return value;
  throw wrong(op, name, value, most === Infinity ? `a finite number ≥ ${least}` : `a number from ${least} to ${most}`);
}

export function wrong(op: string, name: string, given: unknown, wanted: string): TatamiError {
  return new TatamiError("argument", `${name} is ${show(given)}; give ${wanted}`, {
    op,
    details: { name, given, wanted },
  });
}
