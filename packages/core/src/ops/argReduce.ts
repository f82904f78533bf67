/** Index of the largest or smallest element along one axis: i32, the first wins a tie, a NaN wins over numbers. */
import { TatamiError } from "../errors.ts";
import { checkBoolean, checkDTypes, checkOptions, checkTensor, numberTypes, toArithmetic } from "../operand.ts";
import type { Primitive } from "../op.ts";
import { normalizeAxis } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

export interface ArgReduceAttrs {
  readonly fn: "max" | "min";
  readonly axis: number;
}

export const argReduceOp: Primitive<ArgReduceAttrs> = {
  kind: "primitive",
  name: "argReduce",
  turn: (perm, { fn, axis }) => ({ fn, axis: perm.indexOf(axis) }),
  infer([x], { fn, axis }) {
    checkDTypes([x!], numberTypes, `arg${fn}`);
    if (x!.shape[axis] === 0)
      throw new TatamiError("zero-size", `x [${x!.shape.join(", ")}] has no element along axis ${axis}`, {
        op: `arg${fn}`,
      });
    return { shape: x!.shape.map((dim, i) => (i === axis ? 1 : dim)), dtype: "i32" };
  },
  grad: () => [undefined],
};

export interface ArgOptions {
  /** Default: the last. */
  readonly axis?: number | undefined;
  readonly keepDims?: boolean | undefined;
}

function apply(fn: "max" | "min", x: Tensor, options: ArgOptions): Tensor {
  const op = `arg${fn}`;
  const { axis: wanted = -1, keepDims = false } = checkOptions(options, op);
  const given = toArithmetic(checkTensor(x, op, "x"));
  const axis = normalizeAxis(wanted, given.shape.length, op);
  const kept = node(argReduceOp, [given], { fn, axis });
  return checkBoolean(keepDims, op, "keepDims")
    ? kept
    : reshape(
        kept,
        given.shape.filter((_, i) => i !== axis),
      );
}

/** i32 index of the largest element along `axis`. @throws TatamiError `axis`, `zero-size`. */
export const argmax = (x: Tensor, options: ArgOptions = {}): Tensor => apply("max", x, options);
/** i32 index of the smallest element along `axis`. @throws TatamiError `axis`, `zero-size`. */
export const argmin = (x: Tensor, options: ArgOptions = {}): Tensor => apply("min", x, options);
