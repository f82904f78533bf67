/** Index arithmetic for `value` (constants that fold). Small and slow on purpose: backends have their own. */
import { typedArray, type TypedArray } from "../dtype.ts";
import type { Spec } from "../op.ts";
import { sizeOf, stridesOf, type Shape } from "../shape.ts";

/** From the row-major index of an element in `shape` to its address where axis a goes in steps of `strides[a]`, from `start` on. */
export function addresses(shape: Shape, strides: Shape, start: number = 0): (index: number) => number {
  const own = stridesOf(shape);
  return (index) => {
    let at = start;
    for (let a = 0; a < shape.length; a++) at += (Math.floor(index / own[a]!) % shape[a]!) * strides[a]!;
    return at;
  };
}

/** From an output element's index to that of the operand element it reads, an axis of size 1 being read again and again. */
export function elementOf(output: Shape, operand: Shape): (index: number) => number {
  const strides = stridesOf(operand);
  return addresses(
    output,
    strides.map((stride, a) => (operand[a] === 1 ? 0 : stride)),
  );
}

/** An output each element of which is the one of `x` at an address. */
export function collected(x: TypedArray, output: Spec, addressOf: (index: number) => number): TypedArray {
  const out = typedArray(output.dtype, sizeOf(output.shape));
  for (let i = 0; i < out.length; i++) out[i] = x[addressOf(i)]!;
  return out;
}

/** Σ index[a]·stride[a]: where a box begins. */
export function offsetOf(index: Shape, strides: Shape): number {
  return index.reduce((at, i, a) => at + i * strides[a]!, 0);
}
