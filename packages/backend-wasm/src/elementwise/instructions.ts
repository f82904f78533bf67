/**
 * What the element-wise machine can do, by name; the place in this list is the code that assembly/generated/elementwise.ts
 * and rareInstructions.ts switch on, which scripts/elementwise.ts writes from it. `f` works on f32, `i` on i32 (u8 and bool are i32 in registers).
 */
export const instructions: readonly string[] = [
  // What networks that predict are made of; the others are `rare`.
  ...["copy", "select", "i.toF32"],
  ...["neg", "abs", "reciprocal", "square", "sqrt", "exp", "tanh", "sigmoid", "relu"].map((name) => `f.${name}`),
  ...["add", "sub", "mul", "div", "maximum", "minimum", "less"].map((name) => `f.${name}`),
  ...["sign", "log", "log1p", "expm1", "sin", "cos", "erf", "floor", "ceil", "round", "isNaN"].map((n) => `f.${n}`),
  ...["pow", "mod", "equal", "lessEqual"].map((name) => `f.${name}`),
  ...["neg", "abs", "sign", "square", "relu", "not"].map((name) => `i.${name}`),
  ...["add", "sub", "mul", "div", "mod", "maximum", "minimum", "equal", "less", "lessEqual"].map((name) => `i.${name}`),
  ...["and", "or", "xor"].map((name) => `i.${name}`),
  ...["f.toI32", "f.toU8", "f.toBool", "i.toU8", "i.toBool"],
];

/** The first code that assembly/rest.ts brings. */
export const firstRare: number = instructions.indexOf("f.sign");

const codes = new Map<string, number>(instructions.map((name, code) => [name, code]));

/** @throws Error for a name that is none: a table of this package is wrong. */
export function codeOf(name: string): number {
  const code = codes.get(name);
  if (code === undefined) throw new Error(`the element-wise machine has no ${name}`);
  return code;
}
