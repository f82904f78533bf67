/**
 * How values lie in buffers: row by row, 4 bytes an element (bool too, so that no two threads share a word), f16 2, u8 1. A
 * thread that writes one u8 writes part of a word, by atomic operations: it is rare.
 */
import { sizeOf, typedArray, type DType, type Spec, type TypedArray } from "@tatamijs/core/backend";
import { ceilTo } from "./kernel.ts";

/** The element type of a storage binding; of u8 the word that holds four. */
export function storageOf(dtype: DType): "f32" | "f16" | "i32" {
  return dtype === "f32" || dtype === "f16" ? dtype : "i32";
}

/** `of`, or vectors of four of it. */
export function vectorOf(of: string, whole: boolean): string {
  return !whole ? of : of === "f16" ? "vec4h" : "vec4f";
}

/**
 * WGSL: `load(pixel, c)`, the four channels from 4c of a pixel of `x`, of which there are `u.channels`. Where those are no
 * multiple of four, the last vector has some of the next pixel's, which nobody stores.
 */
export function fourChannels(whole: boolean): string {
  if (whole) return "fn load(pixel: u32, c: u32) -> vec4f { return vec4f(x[pixel * u.wide + c]); }";
  return `fn load(pixel: u32, c: u32) -> vec4f {
  let at = pixel * u.channels + 4u * c;
  return vec4f(f32(x[at]), f32(x[at + 1u]), f32(x[at + 2u]), f32(x[at + 3u]));
}`;
}

/** The element type of a binding that is written. */
export function writtenOf(dtype: DType): string {
  return dtype === "u8" ? "atomic<i32>" : storageOf(dtype);
}

/** Element `at` of `name`, as it is stored. */
export function stored(dtype: DType, name: string, at: string): string {
  return dtype === "u8" ? `((${name}[(${at}) >> 2u] >> (((${at}) & 3u) * 8u)) & 0xff)` : `${name}[${at}]`;
}

/** Stores `value`, of the stored type, as element `at` of `name`. */
export function storing(dtype: DType, name: string, at: string, value: string): string {
  if (dtype !== "u8") return `  ${name}[${at}] = ${value};`;
  return `  atomicAnd(&${name}[(${at}) >> 2u], ~(0xff << (((${at}) & 3u) * 8u)));
  atomicOr(&${name}[(${at}) >> 2u], (${value}) << (((${at}) & 3u) * 8u));`;
}

/** The type that elements are computed in. */
export function valueOf(dtype: DType): "f32" | "i32" {
  return dtype === "f32" || dtype === "f16" ? "f32" : "i32";
}

export const elementBytes = (dtype: DType): number => (dtype === "f16" ? 2 : dtype === "u8" ? 1 : 4);

/** Whole vectors of four, and never nothing: a binding has bytes. */
export function bytesOf({ shape, dtype }: Spec): number {
  return Math.max(16, ceilTo(sizeOf(shape) * elementBytes(dtype), 16));
}

export function aliases(from: Spec, to: Spec): boolean {
  return from.dtype === to.dtype;
}

/** The bytes that `writeBuffer` is to be given: a multiple of 4. */
export function encode({ shape, dtype }: Spec, data: TypedArray): Uint8Array<ArrayBuffer> {
  const count = sizeOf(shape);
  const bytes = ceilTo(count * elementBytes(dtype), 4);
  const whole = new Uint8Array(bytes);
  viewOf(dtype, whole.buffer, count).set(data);
  return whole;
}

/** The logical values in `buffer`, copied. */
export function decode({ shape, dtype }: Spec, buffer: ArrayBuffer, into?: TypedArray): TypedArray {
  const count = sizeOf(shape);
  const out = into ?? typedArray(dtype, count);
  out.set(viewOf(dtype, buffer, count));
  return out;
}

function viewOf(dtype: DType, buffer: ArrayBuffer, count: number): TypedArray {
  return typedArray(dtype === "bool" ? "i32" : dtype, buffer, 0, count);
}
