/**
 * Uniform numbers in [0, 1) from a counter: a pure function of (seed, stream, counter, index), so that they are bit-equal
 * on every backend, repeatable, and the same in the forward and the backward half of a step.
 *
 * In unsigned 32-bit arithmetic,
 *
 *     mix(h):  h ^= h >> 16;  h *= 0x21f0aaad;  h ^= h >> 15;  h *= 0x735a2d97;  h ^= h >> 15
 *     key    = mix(mix(mix(seed + 0x9e3779b9) + stream) + counter)
 *     x[i]   = (mix(key ^ mix(i + 0x9e3779b9)) >> 8) · 2⁻²⁴
 *
 * mix is a full-avalanche permutation of 32-bit words (the constants are those of Wellons' hash prospector, bias 0.107).
 */
import { typedArray, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import { checkOperandDType, checkTensor, checkWhole } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { checkShape, sizeOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";

export interface RandomAttrs {
  readonly seed: number;
  /** Another one for each place in a program: two nodes of one stream and counter are one value. */
  readonly stream: number;
  readonly shape: Shape;
}

/** The permutation `mix` above, for kernels: an unsigned 32-bit word to another. */
export function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** input: counter i32 [1]. Output f32. Its values depend on the order of the axes: it never turns. */
export const randomOp: Primitive<RandomAttrs> = {
  kind: "primitive",
  name: "random",
  infer: (_, { shape }) => ({ shape, dtype: "f32" }),
  grad: () => [undefined],
  value([counter], attrs, output): TypedArray {
    const out = typedArray("f32", sizeOf(output.shape));
    const key = mix((mix((mix((attrs.seed + 0x9e3779b9) | 0) + attrs.stream) | 0) + counter![0]!) | 0);
    for (let i = 0; i < out.length; i++) out[i] = (mix(key ^ mix((i + 0x9e3779b9) | 0)) >>> 8) * 2 ** -24;
    return out;
  },
};

/**
 * Uniform f32 in [0, 1) of `shape`. `counter` is i32 [1]: a state that counts runs gives other numbers in each.
 * @throws TatamiError `shape`, `dtype`, `argument`.
 */
export function random<const S extends Shape>(
  counter: Tensor,
  shape: S,
  seed: number = 0,
  stream: number = 0,
): Tensor<S> {
  const given = checkTensor(counter, "random", "counter");
  checkOperandDType(given, ["i32"], "random", "counter");
  if (sizeOf(given.shape) !== 1 || given.shape.length !== 1) {
    throw new TatamiError("shape", `counter is [${given.shape.join(", ")}], wanted [1]`, { op: "random" });
  }
  const most = 2 ** 32 - 1;
  const attrs = {
    seed: checkWhole(seed, 0, "random", "seed", most),
    stream: checkWhole(stream, 0, "random", "stream", most),
    shape: checkShape(shape, "random"),
  };
  return node(randomOp, [given], attrs) as Tensor<S>;
}
