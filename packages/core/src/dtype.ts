/**
 * Element types.
 *
 * `u8` and `bool` are for storing; arithmetic happens in `f32`, `f16` or `i32`, so nothing wraps at 255 unseen.
 * `f16` values travel as `Float16Array`, which a runtime must have (Node 24, and browsers since 2025) to use that type.
 */
import { show, TatamiError, wrongArgument } from "./errors.ts";

export type DType = "f32" | "f16" | "i32" | "u8" | "bool";

/** `Float16Array` where the reader's TypeScript library has it, so that our declarations need no newer `lib`; else never. */
type Half = typeof globalThis extends { readonly Float16Array: { readonly prototype: infer A } } ? A : never;

export type TypedArray = Float32Array | Half | Int32Array | Uint8Array;

/** All element types. */
export const dtypes: readonly DType[] = ["f32", "f16", "i32", "u8", "bool"];

const bytesOf: Readonly<Record<DType, number>> = { f32: 4, f16: 2, i32: 4, u8: 1, bool: 1 };

/** Bytes of one element in host memory. */
export function bytesPerElement(dtype: DType): number {
  return bytesOf[checkDType(dtype, "bytesPerElement")];
}

/**
 * The type that two operands meet in, for arithmetic and comparison. Symmetric.
 *
 * | | f32 | f16 | i32 | u8 | bool |
 * |---|---|---|---|---|---|
 * | f32 | f32 | f32 | f32 | f32 | f32 |
 * | f16 | | f16 | f16 | f16 | f16 |
 * | i32 | | | i32 | i32 | i32 |
 * | u8 | | | | i32 | i32 |
 * | bool | | | | | i32 |
 * @throws TatamiError `dtype`.
 */
export function promote(a: DType, b: DType): DType {
  const both = [checkDType(a, "promote"), checkDType(b, "promote")];
  return both.find((dtype) => dtype === "f32") ?? both.find(isFloat) ?? "i32";
}

/** f32 or f16: what gradients flow through. */
export function isFloat(dtype: DType): boolean {
  return dtype === "f32" || dtype === "f16";
}

/** @throws TatamiError `dtype` when `value` names no element type. */
export function checkDType(value: unknown, op: string): DType {
  if (typeof value === "string" && (dtypes as readonly string[]).includes(value)) return value as DType;
  throw new TatamiError("dtype", `dtype is ${show(value)}; use one of ${dtypes.map((d) => `"${d}"`).join(", ")}`, {
    op,
    details: { given: value, wanted: dtypes },
  });
}

/**
 * Zeros of a dtype, or a view of `buffer`.
 * @throws TatamiError `dtype` for `f16` on a runtime without `Float16Array`; `argument` for a length that is no whole
 * number or a view that does not lie in the buffer; `out-of-memory`.
 */
export function typedArray(dtype: DType, length: number): TypedArray;
export function typedArray(dtype: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
export function typedArray(
  dtype: DType,
  source: number | ArrayBufferLike,
  byteOffset: number = 0,
  length: number = 0,
): TypedArray {
  const kind = checkDType(dtype, "typedArray");
  const count = typeof source === "number" ? source : length;
  if (!Number.isInteger(count) || count < 0) {
    throw wrongArgument("typedArray", "length", count, "a whole number ≥ 0");
  }
  const Kind = arrayOf(kind);
  try {
    return typeof source === "number" ? new Kind(source) : new Kind(source, byteOffset, length);
  } catch (cause) {
    if (typeof source === "number") {
      const bytes = count * bytesOf[kind];
      throw new TatamiError("out-of-memory", `${count} elements of ${kind} (${bytes} bytes) cannot be had`, {
        op: "typedArray",
        details: { bytes },
        cause,
      });
    }
    throw new TatamiError(
      "argument",
      `${count} elements of ${kind} at byte ${show(byteOffset)} do not lie in ${show(source)}`,
      { op: "typedArray", cause },
    );
  }
}

interface ArrayKind {
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
}

function arrayOf(dtype: DType): ArrayKind {
  if (dtype === "f32") return Float32Array;
  if (dtype === "i32") return Int32Array;
  if (dtype !== "f16") return Uint8Array;
  if (typeof Float16Array !== "undefined") return Float16Array;
  throw new TatamiError("dtype", 'this runtime has no Float16Array, so dtype "f16" cannot be used; use "f32"');
}

/** The dtype that a typed array stands for, if any (`Uint8Array` is `u8`; `Uint8ClampedArray` is a canvas's `u8`). */
export function dtypeOf(value: unknown): DType | undefined {
  if (value instanceof Float32Array) return "f32";
  if (value instanceof Int32Array) return "i32";
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return "u8";
  if (typeof Float16Array !== "undefined" && value instanceof Float16Array) return "f16";
  return undefined;
}
