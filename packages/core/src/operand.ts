/** Operands of the public functions: what may stand for a tensor, brought to one dtype and one rank. */
import { promote, isFloat, type DType } from "./dtype.ts";
import { TatamiError, wrongArgument } from "./errors.ts";
import type { Spec } from "./op.ts";
import { cast } from "./ops/cast.ts";
import { constant } from "./ops/leaf.ts";
import { reshape } from "./ops/reshape.ts";
import { showShape } from "./shape.ts";
import { isTensor, type Tensor } from "./tensor.ts";

/** A tensor, or a number that stands for a scalar of the other operand's dtype. */
export type TensorLike = Tensor | number;

/** @throws TatamiError `argument` when `value` is no tensor. */
export function checkTensor(value: unknown, op: string, name: string): Tensor {
  if (isTensor(value)) return value;
  throw wrongArgument(op, name, value, "a tensor, such as constant([1, 2, 3])");
}

/** @throws TatamiError `argument` when `options` is no object. */
export function checkOptions<T extends object>(options: T, op: string, name: string = "options"): T {
  if (typeof options === "object" && options !== null && !Array.isArray(options) && !isTensor(options)) return options;
  throw wrongArgument(op, name, options, "an object, or leave it out");
}

/** @throws TatamiError `dtype` when `x` is not one of `wanted`. */
export function checkOperandDType(x: Tensor, wanted: readonly DType[], op: string, name: string): void {
  if (wanted.includes(checkTensor(x, op, name).dtype)) return;
  throw new TatamiError(
    "dtype",
    `${name} is ${x.dtype}, wanted ${wanted.join(" or ")}; use cast(${name}, "${wanted[0]}")`,
    {
      op,
      details: { given: x.dtype, wanted },
    },
  );
}

/** @throws TatamiError `rank`. */
export function checkRank(x: Tensor, ranks: readonly number[], op: string, name: string, meaning: string): void {
  if (ranks.includes(checkTensor(x, op, name).shape.length)) return;
  throw new TatamiError(
    "rank",
    `${name} has ${x.shape.length} axes (shape ${showShape(x.shape)}), wanted ${ranks.join(" or ")}: ${meaning}`,
    {
      op,
      details: { shape: x.shape, wanted: ranks },
    },
  );
}

/** Element types of arithmetic. */
export const floatTypes: readonly DType[] = ["f32", "f16"];
export const numberTypes: readonly DType[] = [...floatTypes, "i32"];

/** What an op's rule asks of its operands: one dtype, one of `wanted`. @throws TatamiError `dtype`. */
export function checkDTypes(operands: readonly Spec[], wanted: readonly DType[], op: string): void {
  const given = operands.map((x) => x.dtype);
  if (given.every((dtype) => dtype === given[0] && wanted.includes(dtype))) return;
  const [what, how] = given.length === 1 ? ["x is", ""] : ["operands are", "one of "];
  throw new TatamiError("dtype", `${what} ${given.join(" and ")}, wanted ${how}${wanted.join(" or ")}; use cast`, {
    op,
    details: { given, wanted },
  });
}

/** Both operands as tensors of one dtype and one rank. */
export function meet(
  a: TensorLike,
  b: TensorLike,
  op: string,
  names: readonly [string, string] = ["a", "b"],
): [Tensor, Tensor] {
  const x = typeof a === "number" ? undefined : checkTensor(a, op, names[0]);
  const y = typeof b === "number" ? undefined : checkTensor(b, op, names[1]);
  const first = x ?? scalarFor(a as number, y);
  const second = y ?? scalarFor(b as number, x);
  // Alike is alike: two bools under `and` stay bool, though in arithmetic they would meet in i32.
  const dtype = first.dtype === second.dtype ? first.dtype : promote(first.dtype, second.dtype);
  const rank = Math.max(first.shape.length, second.shape.length);
  return [toRank(toDType(first, dtype), rank), toRank(toDType(second, dtype), rank)];
}

/** A number beside a tensor takes the tensor's dtype; a fraction beside an integer tensor makes the pair f32. */
function scalarFor(value: number, other: Tensor | undefined): Tensor {
  const float = other === undefined || isFloat(other.dtype) || !Number.isInteger(value) || Math.abs(value) >= 2 ** 31;
  const ones = Array.from({ length: other?.shape.length ?? 0 }, () => 1);
  return constant([value], ones, float ? (other?.dtype === "f16" ? "f16" : "f32") : "i32");
}

/** `x` as `dtype`, without a node where it is that already. */
export function toDType(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : cast(x, dtype);
}

/** Axes of size 1 put in front until there are `rank`. */
export function toRank(x: Tensor, rank: number): Tensor {
  return x.shape.length >= rank
    ? x
    : reshape(x, [...Array.from({ length: rank - x.shape.length }, () => 1), ...x.shape]);
}

/** Arithmetic happens in f32, f16 or i32: a u8 or bool operand is lifted to i32. */
export function toArithmetic(x: Tensor): Tensor {
  return x.dtype === "u8" || x.dtype === "bool" ? cast(x, "i32") : x;
}

/** A float operand: integers are lifted to f32. @throws TatamiError `argument`. */
export function toFloat(x: Tensor): Tensor {
  return isFloat(checkTensor(x, "toFloat", "x").dtype) ? x : cast(x, "f32");
}

/** Is it a whole number from `least` to `most`? */
export function isWhole(value: unknown, least: number = 0, most: number = 2 ** 31 - 1): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** A whole number from `least` to `most`, which is 2³¹ − 1 if left out. @throws TatamiError `argument`. */
export function checkWhole(value: unknown, least: number, op: string, name: string, most?: number): number {
  if (isWhole(value, least, most)) return value + 0;
  const range = most === undefined ? `≥ ${least}` : `from ${least} to ${most}`;
  throw wrongArgument(op, name, value, `a whole number ${range}`, { least, most });
}

/** A finite number. @throws TatamiError `argument`. */
export function checkFinite(value: unknown, op: string, name: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrongArgument(op, name, value, "a finite number");
}

/** @throws TatamiError `argument`. */
export function checkBoolean(value: unknown, op: string, name: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrongArgument(op, name, value, "true or false");
}

/** One of a few words. @throws TatamiError `argument`. */
export function checkChoice<T extends string>(value: T, choices: readonly T[], op: string, name: string): T {
  if (choices.includes(value)) return value;
  throw wrongArgument(op, name, value, choices.map((c) => `"${c}"`).join(", "), { choices });
}
