/**
 * What the element-wise machine can do, by name; the place in this list is the code that assembly/generated/elementwise.ts
 * switches on, which scripts/elementwise.ts writes from it. `f` works on f32, `i` on i32 (u8 and bool are i32 in registers).
 */
export const instructions: readonly string[] = [
  "copy",
  "select",
  ...["neg", "abs", "sign", "reciprocal", "square", "sqrt", "exp", "log", "log1p", "expm1", "sin", "cos"].map(
    (n) => `f.${n}`,
  ),
  ...["tanh", "sigmoid", "erf", "relu", "floor", "ceil", "round", "isNaN"].map((name) => `f.${name}`),
  ...["add", "sub", "mul", "div", "pow", "mod", "maximum", "minimum", "equal", "less", "lessEqual"].map(
    (n) => `f.${n}`,
  ),
  ...["neg", "abs", "sign", "square", "relu", "not"].map((name) => `i.${name}`),
  ...["add", "sub", "mul", "div", "mod", "maximum", "minimum", "equal", "less", "lessEqual"].map((name) => `i.${name}`),
  ...["and", "or", "xor"].map((name) => `i.${name}`),
  ...["f.toI32", "f.toU8", "f.toBool", "i.toF32", "i.toU8", "i.toBool"],
];

const codes = new Map<string, number>(instructions.map((name, code) => [name, code]));

/** @throws Error for a name that is none: a table of this package is wrong. */
export function codeOf(name: string): number {
  const code = codes.get(name);
  if (code === undefined) throw new Error(`the element-wise machine has no ${name}`);
  return code;
}
