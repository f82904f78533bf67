/** What laws are written in: a law, and the ops in short. */
import { node, primitives, type ConvAttrs, type OpName, type Tensor } from "@tatamijs/core";

/** Makes a leaf of whole numbers. */
export type Leaf = (shape: readonly number[]) => Tensor;

export interface Law {
  readonly id: string;
  readonly op: OpName;
  /** Left and right side over the same leaves. */
  sides(leaf: Leaf): readonly [Tensor, Tensor];
}

export const add = (a: Tensor, b: Tensor): Tensor => node(primitives.binary, [a, b], { fn: "add" });
export const mul = (a: Tensor, b: Tensor): Tensor => node(primitives.binary, [a, b], { fn: "mul" });
export const sub = (a: Tensor, b: Tensor): Tensor => node(primitives.binary, [a, b], { fn: "sub" });
export const neg = (x: Tensor): Tensor => node(primitives.unary, [x], { fn: "neg" });
export const concat = (axis: number, ...parts: Tensor[]): Tensor => node(primitives.concat, parts, { axis });
export const transpose = (x: Tensor, perm: readonly number[]): Tensor => node(primitives.transpose, [x], { perm });
export const reduce = (fn: "sum" | "max" | "min", x: Tensor, axes: readonly number[]): Tensor =>
  node(primitives.reduce, [x], { fn, axes });
export const matmul = (a: Tensor, b: Tensor, ta = false, tb = false): Tensor =>
  node(primitives.matmul, [a, b], { ta, tb });
export const conv = (x: Tensor, w: Tensor, attrs: ConvAttrs): Tensor => node(primitives.conv2d, [x, w], attrs);
export const all = (x: Tensor): number[] => x.shape.map((_, axis) => axis);
/** ⟨a, b⟩. */
export const inner = (a: Tensor, b: Tensor): Tensor =>
  node(primitives.reshape, [reduce("sum", mul(a, b), all(a))], { shape: [1] });

/** `size` elements from `start` along an axis. */
export function part(x: Tensor, axis: number, start: number, size: number, step = 1): Tensor {
  const at = <T>(special: T, other: (i: number) => T): T[] => x.shape.map((_, i) => (i === axis ? special : other(i)));
  return node(primitives.slice, [x], {
    starts: at(start, () => 0),
    sizes: at(size, (i) => x.shape[i]!),
    steps: at(step, () => 1),
  });
}
