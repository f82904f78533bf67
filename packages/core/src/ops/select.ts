/** `condition ? a : b`, element by element, broadcast as `binary` is. The gradient flows to the side that was taken. */
import { typedArray, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import { checkTensor, meet, toRank, type TensorLike } from "../operand.ts";
import type { Gradients, Primitive } from "../op.ts";
import { broadcastShapes } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { elementsOf } from "./elements.ts";
import { sumTo } from "./reduce.ts";

export type SelectAttrs = Readonly<Record<never, never>>;

export const selectOp: Primitive<SelectAttrs> = {
  kind: "primitive",
  name: "select",
  pointwise: true,
  turn: (_, attrs) => attrs,
  infer([c, a, b]) {
    if (c!.dtype !== "bool" || a!.dtype !== b!.dtype) {
      throw new TatamiError(
        "dtype",
        `operands are ${c!.dtype}, ${a!.dtype}, ${b!.dtype}; wanted bool and two of one dtype; use cast`,
        { op: "select" },
      );
    }
    if (c!.shape.length !== a!.shape.length || a!.shape.length !== b!.shape.length) {
      throw new TatamiError(
        "rank",
        `operands have ${c!.shape.length}, ${a!.shape.length} and ${b!.shape.length} axes, wanted one rank; reshape`,
        { op: "select" },
      );
    }
    return {
      shape: broadcastShapes(c!.shape, broadcastShapes(a!.shape, b!.shape, "select"), "select"),
      dtype: a!.dtype,
    };
  },
  grad(y, dy): Gradients {
    const [c, a, b] = y.inputs as [Tensor, Tensor, Tensor];
    return [undefined, sumTo(select(c, dy, 0), a.shape), sumTo(select(c, 0, dy), b.shape)];
  },
  value([c, a, b], _, output, specs): TypedArray {
    const out = typedArray(
      output.dtype,
      output.shape.reduce((n, d) => n * d, 1),
    );
    const [ct, at, bt] = specs.map((s) => elementsOf(output.shape, s.shape)) as [
      () => number,
      () => number,
      () => number,
    ];
    for (let i = 0; i < out.length; i++) {
      const [x, y] = [a![at()]!, b![bt()]!];
      out[i] = c![ct()] !== 0 ? x : y;
    }
    return out;
  },
};

/**
 * `condition ? a : b` by element, broadcast.
 * @throws TatamiError `dtype` when the condition is not bool, `shape` when shapes do not broadcast.
 */
export function select(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  const c = checkTensor(condition, "select", "condition");
  const [x, y] = meet(a, b, "select");
  const rank = Math.max(c.shape.length, x.shape.length);
  return node(selectOp, [toRank(c, rank), toRank(x, rank), toRank(y, rank)], {});
}

/** `select` by its NumPy and PyTorch name. */
export const where: typeof select = select;
