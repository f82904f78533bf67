/** Index arithmetic for `value` (constants that fold). Small on purpose: backends have their own. */
import { typedArray, type TypedArray } from "../dtype.ts";
import type { Spec } from "../op.ts";
import { sizeOf, stridesOf, type Shape } from "../shape.ts";

/** The addresses of the elements of `shape`, one per call, row by row, where axis a goes in steps of `strides[a]`, from `start` on. */
export function addresses(shape: Shape, strides: Shape, start: number = 0): () => number {
  const index = shape.map(() => 0);
  let next = start;
  return () => {
    const at = next;
    for (let a = shape.length - 1; a >= 0; a--) {
      next += strides[a]!;
      if (++index[a]! < shape[a]!) break;
      next -= strides[a]! * shape[a]!;
      index[a] = 0;
    }
    return at;
  };
}

/** For each output element the operand element that it reads, an axis of size 1 being read again and again. */
export function elementsOf(output: Shape, operand: Shape): () => number {
  const strides = stridesOf(operand);
  return addresses(
    output,
    strides.map((stride, a) => (operand[a] === 1 ? 0 : stride)),
  );
}

/** An output each element of which is the one of `x` at the next address. */
export function collected(x: TypedArray, output: Spec, address: () => number): TypedArray {
  const out = typedArray(output.dtype, sizeOf(output.shape));
  for (let i = 0; i < out.length; i++) out[i] = x[address()]!;
  return out;
}

/** Σ index[a]·stride[a]: where a box begins. */
export function offsetOf(index: Shape, strides: Shape): number {
  return index.reduce((at, i, a) => at + i * strides[a]!, 0);
}
