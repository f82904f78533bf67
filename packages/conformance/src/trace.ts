/** Says where an element is and what it was made of. */
import { kitOf } from "./kits.ts";
import type { Subject } from "./subject.ts";
import type { Value } from "./value.ts";

/** `[0, 2, 1, 3]`. */
export function nameElement(shape: readonly number[], flat: number): string {
  const index: number[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `[${index.join(", ")}]`;
}

/**
 * The elements that an output element is made of, found without knowing the op: each input element in turn is made NaN,
 * and whoever turns the output NaN was read.
 */
export function windowOf({ case: one, values, meaning }: Subject, position: number, most = 4096): string[] {
  const total = values.reduce((sum, { data }) => sum + data.length, 0);
  if (total > most) return [`(${total} input elements: too many to look for the window)`];
  const kit = kitOf(one.op);
  const lines: string[] = [];
  const before = meaning.values[position]!;
  values.forEach((x, k) => {
    if (x.dtype !== "f32" && x.dtype !== "f16") return;
    for (let i = 0; i < x.data.length; i++) {
      const changed: Value = { ...x, data: x.data.with(i, NaN) };
      const now = kit.meaning(values.with(k, changed), one.attrs).values[position]!;
      if (!Object.is(now, before)) lines.push(`input ${k} ${nameElement(x.shape, i)} = ${x.data[i]}`);
    }
  });
  return lines;
}
