/** Tensors one after the other along an axis. */
import type { ConcatAttrs } from "@tatamijs/core";
import { given, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyShape, everyDType, peculiar } from "../moving.ts";
import { count, position, walk } from "../value.ts";

function one(name: string, axis: number, inputs: readonly Operand[], ...tags: Tag[]): Case<ConcatAttrs> {
  return { id: `concat/${name}`, op: "concat", attrs: { axis }, inputs, tags };
}

/** Operands that differ along `axis` alone. */
const along = (shape: readonly number[], axis: number, sizes: readonly number[]): Operand[] =>
  sizes.map((size) => uniform(shape.with(axis, size)));

export const concatKit: OpKit<ConcatAttrs> = {
  meaning(inputs, { axis }) {
    const shape = inputs[0]!.shape.with(
      axis,
      inputs.reduce((sum, x) => sum + x.shape[axis]!, 0),
    );
    const values = new Float64Array(count(shape));
    let start = 0;
    for (const x of inputs) {
      walk(x.shape, (index, i) => (values[position(shape, index.with(axis, index[axis]! + start))] = x.data[i]!));
      start += x.shape[axis]!;
    }
    return { shape, dtype: inputs[0]!.dtype, values, moves: true };
  },
  cases: () => [
    ...[0, 1, 2, 3].flatMap((axis) => [
      one(`axis${axis}-two`, axis, along([2, 3, 4, 5], axis, [2, 3]), "geometry", "grad"),
      one(`axis${axis}-four`, axis, along([2, 3, 4, 5], axis, [1, 4, 2, 3]), "geometry", "grad"),
    ]),
    ...straddling.flatMap((n) => [
      one(`last-n${n}`, 1, along([3, 1], 1, [n, 4]), "straddle"),
      one(`first-n${n}`, 0, along([1, 3], 0, [2, n]), "straddle"),
    ]),
    ...everyDType([2, 5]).map((x) => one(x.dtype, 1, [x, { ...x, shape: [2, 3] }], "dtype", "memory")),
    one("with-empty", 1, along([2, 1], 1, [3, 0, 2]), "empty"),
    one("many", 0, along([1, 4], 0, [1, 1, 1, 1, 1, 1, 1, 1, 1]), "geometry"),
    one("vectors", 0, along([1], 0, [5, 7]), "geometry", "grad"),
    one("peculiar", 1, [peculiar([3, 4]), peculiar([3, 2])], "nan", "zero"),
    one("memory", 3, along([2, 5, 5, 1], 3, [5, 3, 9]), "memory"),
    { ...one("golden", 1, [given([2, 2], [1, 2, 5, 6]), given([2, 1], [3, 7])], "golden"), expect: [1, 2, 3, 5, 6, 7] },
  ],
  random(from) {
    const shape = anyShape(from, 1, 6);
    const axis = from.whole(0, shape.length - 1);
    return {
      attrs: { axis },
      inputs: along(
        shape,
        axis,
        Array.from({ length: from.whole(2, 5) }, () => from.whole(1, 6)),
      ),
      tags: ["random", "grad"],
    };
  },
};
