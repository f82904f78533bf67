/**
 * To another element type. To i32 and u8: toward zero, NaN gives 0, values outside saturate. To bool: x ≠ 0 (NaN is
 * true). To f16: nearest even.
 */
import { checkDType, isFloat, typedArray, type DType, type TypedArray } from "../dtype.ts";
import { checkTensor } from "../operand.ts";
import type { Primitive } from "../op.ts";
import type { Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";

export interface CastAttrs {
  readonly dtype: DType;
}

export const castOp: Primitive<CastAttrs> = {
  kind: "primitive",
  name: "cast",
  pointwise: true,
  turn: (_, attrs) => attrs,
  infer: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
  grad: (y, dy) => [isFloat(y.inputs[0]!.dtype) && isFloat(y.dtype) ? cast(dy, y.inputs[0]!.dtype) : undefined],
  value([x], { dtype }): TypedArray {
    const out = typedArray(dtype, x!.length);
    const f = castFunction(dtype);
    for (let i = 0; i < out.length; i++) out[i] = f(x![i]!);
    return out;
  },
};

/** What becomes of a number; the typed array that takes it does what is left (rounding). */
export function castFunction(dtype: DType): (x: number) => number {
  if (dtype === "bool") return (x) => (x === 0 ? 0 : 1);
  const clamp = (least: number, most: number) => (x: number) =>
    Number.isNaN(x) ? 0 : Math.trunc(Math.min(Math.max(x, least), most));
  if (dtype === "i32") return clamp(-(2 ** 31), 2 ** 31 - 1);
  if (dtype === "u8") return clamp(0, 255);
  return (x) => x;
}

/** `x` as `dtype`. @throws TatamiError `dtype`. */
export function cast<S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S> {
  const from = checkTensor(x, "cast", "x");
  checkDType(dtype, "cast");
  return (from.dtype === dtype ? from : node(castOp, [from], { dtype })) as Tensor<S>;
}
