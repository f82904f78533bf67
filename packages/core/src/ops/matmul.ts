/**
 * Matrix product over the last two axes, the axes before them broadcast. `ta`, `tb` read an operand transposed.
 *
 * C = A B has dA = dC Bᵀ and dB = Aᵀ dC; with a transposed operand the same with its sides exchanged. All four are again
 * products, so nothing is ever transposed in memory.
 */
import { TatamiError } from "../errors.ts";
import { checkDTypes, checkTensor, floatTypes, meet, toFloat } from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import { broadcastShapes, showShape, type Perm, type Shape } from "../shape.ts";
import type { Matmul } from "../shapes/matmul.ts";
import type { Fits, Made } from "../shapes/result.ts";
import { node, type Tensor } from "../tensor.ts";
import { mul } from "./binary.ts";
import { sumTo } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";

export interface MatmulAttrs {
  readonly ta: boolean;
  readonly tb: boolean;
}

export const matmulOp: Primitive<MatmulAttrs> = {
  kind: "primitive",
  name: "matmul",
  reads(operand, perm, { ta, tb }) {
    if (!swapsLast(perm)) return undefined;
    return operand === 0 ? { ta: !ta, tb } : { ta, tb: !tb };
  },
  infer([a, b], { ta, tb }) {
    checkDTypes([a!, b!], floatTypes, "matmul");
    const rank = a!.shape.length;
    if (rank < 2 || b!.shape.length !== rank) {
      throw new TatamiError(
        "rank",
        `operands have ${rank} and ${b!.shape.length} axes, wanted one rank of at least 2; reshape`,
        { op: "matmul" },
      );
    }
    const [m, k] = lastTwo(a!.shape, ta);
    const [k2, n] = lastTwo(b!.shape, tb);
    checkInner(a!.shape, b!.shape, k, k2, ta, tb);
    return {
      shape: [...broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2), "matmul"), m, n],
      dtype: a!.dtype,
    };
  },
  grad(y, dy): Gradients {
    const [a, b] = y.inputs as [Tensor, Tensor];
    const { ta, tb } = y.attrs;
    const da = ta ? product(b, dy, tb, true) : product(dy, b, false, !tb);
    const db = tb ? product(dy, a, true, ta) : product(a, dy, !ta, false);
    return [sumTo(da, a.shape), sumTo(db, b.shape)];
  },
  scaled(y, s) {
    // s is 1 along every axis but the last: a factor for each column of B.
    const [a, b] = y.inputs as [Tensor, Tensor];
    const rank = b.shape.length;
    if (s.shape.length !== rank || s.shape.slice(0, -1).some((dim) => dim !== 1)) return undefined;
    const factor = y.attrs.tb ? reshape(s, [...Array.from({ length: rank - 2 }, () => 1), s.shape.at(-1)!, 1]) : s;
    return node(matmulOp, [a, mul(b, factor)], y.attrs);
  },
};

function lastTwo(shape: Shape, turned: boolean): [number, number] {
  const [m, n] = [shape.at(-2)!, shape.at(-1)!];
  return turned ? [n, m] : [m, n];
}

function checkInner(a: Shape, b: Shape, columns: number, rows: number, ta: boolean = false, tb: boolean = false): void {
  if (columns === rows) return;
  throw new TatamiError(
    "shape",
    `${showShape(a)}${ta ? "ᵀ" : ""} has ${columns} columns, ${showShape(b)}${tb ? "ᵀ" : ""} has ${rows} rows; they must be equal`,
    { op: "matmul", details: { a, b } },
  );
}

function swapsLast(perm: Perm): boolean {
  const rank = perm.length;
  return perm.every((axis, i) => axis === (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

const product = (a: Tensor, b: Tensor, ta: boolean, tb: boolean): Tensor => node(matmulOp, [a, b], { ta, tb });

/**
 * [..., M, K] · [..., K, N] → [..., M, N]. A vector stands for a row on the left, for a column on the right, and its axis
 * is dropped again (NumPy's rule).
 * @throws TatamiError `rank` for a scalar, `shape` when the inner sizes differ or the outer axes do not broadcast.
 */
export function matmul<const A extends Shape, const B extends Shape>(
  a: Tensor<A> & Fits<Matmul<A, B>>,
  b: Tensor<B>,
): Made<Matmul<A, B>>;
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [first, second] = [toFloat(checkTensor(a, "matmul", "a")), toFloat(checkTensor(b, "matmul", "b"))];
  if (first.shape.length === 0 || second.shape.length === 0) {
    throw new TatamiError("rank", "an operand is a scalar, wanted at least 1 axis; use mul", { op: "matmul" });
  }
  const row = first.shape.length === 1;
  const column = second.shape.length === 1;
  // Of the shapes as they are given; axes of 1 come after.
  checkInner(first.shape, second.shape, first.shape.at(-1)!, second.shape.at(column ? -1 : -2)!);
  const [x, y] = meet(
    row ? reshape(first, [1, first.shape[0]!]) : first,
    column ? reshape(second, [second.shape[0]!, 1]) : second,
    "matmul",
  );
  const out = product(x, y, false, false);
  const keep = out.shape.filter(
    (_, axis) => !(row && axis === out.shape.length - 2) && !(column && axis === out.shape.length - 1),
  );
  return row || column ? reshape(out, keep) : out;
}

/** The last two axes exchanged: [..., M, N] → [..., N, M]. @throws TatamiError `rank`. */
export function matrixTranspose(x: Tensor): Tensor {
  const { shape } = checkTensor(x, "matrixTranspose", "x");
  if (shape.length < 2)
    throw new TatamiError("rank", `x has ${shape.length} axes, wanted at least 2`, { op: "matrixTranspose" });
  const axes = shape.map((_, i) => i);
  return transpose(x, [...axes.slice(0, -2), shape.length - 1, shape.length - 2]);
}
