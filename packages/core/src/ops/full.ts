/** Tensors of one value. They are said, not held: a constant of one element, broadcast. */
import type { DType } from "../dtype.ts";
import { checkDType } from "../dtype.ts";
import { wrongArgument } from "../errors.ts";
import { checkShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { broadcast } from "./broadcast.ts";
import { constant } from "./leaf.ts";

function filled<S extends Shape>(shape: S, value: unknown, dtype: DType, op: string): Tensor<S> {
  const wanted = checkShape(shape, op);
  if (typeof value !== "number") throw wrongArgument(op, "value", value, "a number");
  const one: Tensor = constant(
    [value],
    wanted.map(() => 1),
    checkDType(dtype, op),
  );
  return broadcast(one, wanted) as Tensor<S>;
}

/** `shape` full of `value`. @throws TatamiError `shape`, `dtype`, `argument` when the dtype cannot hold it. */
export function full<const S extends Shape>(shape: S, value: number, dtype: DType = "f32"): Tensor<S> {
  return filled(shape, value, dtype, "full");
}

/** `shape` full of 0. @throws TatamiError `shape`, `dtype`. */
export function zeros<const S extends Shape>(shape: S, dtype: DType = "f32"): Tensor<S> {
  return filled(shape, 0, dtype, "zeros");
}

/** `shape` full of 1. @throws TatamiError `shape`, `dtype`. */
export function ones<const S extends Shape>(shape: S, dtype: DType = "f32"): Tensor<S> {
  return filled(shape, 1, dtype, "ones");
}
