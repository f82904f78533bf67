/**
 * Where the elements of broadcast operands lie: axes over which all operands move alike are one axis, those of size 1 none.
 * In a shader each operand's place is then a sum over few axes.
 */
import { stridesOf, type Shape } from "@tatamijs/core/backend";

export interface Axes {
  readonly sizes: readonly number[];
  /** Of each operand, a step per axis; 0 where it stands still. */
  readonly strides: readonly (readonly number[])[];
}

export function axesOf(shape: Shape, operands: readonly Shape[]): Axes {
  const strides = operands.map((operand) => {
    const own = stridesOf(operand);
    const lead = shape.length - operand.length;
    return shape.map((_, a) => (a < lead || operand[a - lead] === 1 ? 0 : own[a - lead]!));
  });
  const sizes: number[] = [];
  const joined: number[][] = strides.map(() => []);
  shape.forEach((size, a) => {
    if (size === 1) return;
    const one = sizes.length - 1;
    if (one >= 0 && strides.every((own, k) => joined[k]![one] === own[a]! * size)) {
      sizes[one]! *= size;
      strides.forEach((own, k) => (joined[k]![one] = own[a]!));
    } else {
      sizes.push(size);
      strides.forEach((own, k) => joined[k]!.push(own[a]!));
    }
  });
  return { sizes, strides: joined };
}

/** Lines that take `index` apart into `name`0, `name`1, … by the uniforms `size`0, `size`1, …, last axis fastest. */
export function coordinates(index: string, rank: number, name: string, size: string): string {
  const lines: string[] = [];
  let left = index;
  for (let a = rank - 1; a >= 0; a--) {
    if (a === 0) lines.push(`  let ${name}0 = ${left};`);
    else {
      lines.push(`  let ${name}${a} = ${left} % u.${size}${a};`, `  let ${name}r${a} = ${left} / u.${size}${a};`);
      left = `${name}r${a}`;
    }
  }
  return lines.join("\n");
}

/** Σ coordinate · step over the axes along which an operand moves. */
export function place(own: readonly number[], name: string, stride: string): string {
  const terms = own.flatMap((step, a) => (step === 0 ? [] : [`${name}${a} * u.${stride}${a}`]));
  return terms.length === 0 ? "0u" : terms.join(" + ");
}

/** { `name`0: values[0], … } */
export function numbered(name: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, k) => [`${name}${k}`, value]));
}
