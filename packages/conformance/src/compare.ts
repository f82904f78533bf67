/** Is this what the meaning says? The tolerance comes from the case's own numbers; there is no other. */
import type { Meaning } from "./meaning.ts";
import { toDType, unit } from "./value.ts";

export interface Rules {
  /** All inputs are whole numbers. */
  readonly whole: boolean;
  /**
   * The kernel says that it is not exact (Winograd). Whole numbers are then held to the bound for fractions; the bound is the
   * largest of the output's, because such a kernel is stable in norm and not by element (where a window stands half in
   * the padding, its tile does not); and NaN or ∞ may spread within a tile.
   */
  readonly inexact: boolean;
}

export interface Mismatch {
  /** Row-major position of the first wrong element. */
  readonly position: number;
  readonly expected: number;
  readonly actual: number;
  /** What was allowed, absolute. */
  readonly tolerance: number;
  /** Wrong elements in all. */
  readonly wrong: number;
}

interface Limits {
  /** The smallest normal number: below it a backend may flush to 0. */
  readonly tiny: number;
  readonly largest: number;
  /** Whole numbers up to here are exact. */
  readonly whole: number;
}

const f32: Limits = { tiny: 2 ** -126, largest: (2 - 2 ** -23) * 2 ** 127, whole: 2 ** 24 };
const f16: Limits = { tiny: 2 ** -14, largest: 65504, whole: 2 ** 11 };

export function compare(actual: ArrayLike<number>, meaning: Meaning, rules: Rules): Mismatch | undefined {
  const { values, dtype } = meaning;
  if (actual.length !== values.length) {
    return { position: 0, expected: values.length, actual: actual.length, tolerance: 0, wrong: values.length };
  }
  const float = dtype === "f32" || dtype === "f16";
  let first: Omit<Mismatch, "wrong"> | undefined;
  let wrong = 0;
  const shared = float && rules.inexact ? toleranceAt(meaning, 0, rules) : undefined;
  for (let i = 0; i < values.length; i++) {
    const tolerance = shared ?? (float ? toleranceAt(meaning, i, rules) : 0);
    const good = float ? close(actual[i]!, meaning, i, tolerance, rules) : actual[i] === toDType(dtype, values[i]!);
    if (good) continue;
    wrong++;
    first ??= { position: i, expected: values[i]!, actual: actual[i]!, tolerance };
  }
  return first === undefined ? undefined : { ...first, wrong };
}

function toleranceAt({ error, size, dtype }: Meaning, i: number, { whole, inexact }: Rules): number {
  if (error === undefined) return 0;
  const limits = dtype === "f16" ? f16 : f32;
  if (inexact)
    return error.reduce((most, e) => (Number.isFinite(e) ? Math.max(most, e) : most), 0) * unit(dtype) + limits.tiny;
  if (whole && size !== undefined && size[i]! <= limits.whole) return 0;
  return Number.isFinite(error[i]!) ? error[i]! * unit(dtype) + limits.tiny : 0;
}

function close(a: number, meaning: Meaning, i: number, tolerance: number, { inexact }: Rules): boolean {
  const { dtype, values, moves } = meaning;
  const wanted = values[i]!;
  const limits = dtype === "f16" ? f16 : f32;
  const nearest = toDType(dtype, wanted);
  const special = !Number.isFinite(wanted);
  if (inexact && Number.isNaN(a)) return special || [...values].some((v) => !Number.isFinite(v));
  if (Number.isNaN(wanted)) return Number.isNaN(a);
  if (special) return a === wanted;
  if (Math.abs(wanted) + tolerance > limits.largest && a === Math.sign(wanted) * Infinity) return true;
  if (Number.isNaN(a)) return false;
  if (tolerance > 0) return Math.abs(a - wanted) <= tolerance;
  if (moves === true && nearest === 0) return Object.is(a, nearest);
  return a === nearest || (a === 0 && Math.abs(nearest) < limits.tiny);
}
