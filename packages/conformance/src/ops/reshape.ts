/** The same elements in the same order under another shape. */
import type { ReshapeAttrs } from "@tatamijs/core";
import { uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, peculiar } from "../moving.ts";
import { count } from "../value.ts";

function one(name: string, x: Operand, shape: readonly number[], ...tags: Tag[]): Case<ReshapeAttrs> {
  return { id: `reshape/${name}`, op: "reshape", attrs: { shape }, inputs: [x], tags };
}

const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3, 4],
    [6, 4],
  ],
  [[2, 3, 4], [24]],
  [[24], [2, 3, 4]],
  [
    [2, 3, 4],
    [4, 3, 2],
  ],
  [[1], []],
  [[], [1, 1, 1]],
  [
    [2, 3, 3, 5],
    [2, 45],
  ],
  [[1, 1, 1, 7], [7]],
  [[7], [1, 7, 1, 1]],
  [
    [3, 5],
    [5, 3],
  ],
  [
    [2, 8],
    [4, 4],
  ],
  [
    [8, 4],
    [2, 4, 4],
  ],
  [
    [0, 3],
    [3, 0, 5],
  ],
  [
    [17, 9],
    [9, 17],
  ],
];

export const reshapeKit: OpKit<ReshapeAttrs> = {
  meaning: ([x], { shape }) => ({ shape, dtype: x!.dtype, values: x!.data, moves: true }),
  cases: () => [
    ...pairs.map(([a, b]) =>
      one(
        `${a.join("x")}-to-${b.join("x")}`,
        uniform(a),
        b,
        "geometry",
        ...(count(a) > 0 ? (["grad"] as const) : (["empty"] as const)),
      ),
    ),
    ...everyDType([3, 5]).map((x) => one(x.dtype, x, [15], "dtype", "memory")),
    one("peculiar", peculiar([3, 5]), [5, 3], "nan", "zero", "memory"),
  ],
  random(from) {
    const shape = anyShape(from);
    const to = from.chance(0.3) ? [count(shape)] : [...shape].reverse();
    return { attrs: { shape: to }, inputs: [anyOperand(from, shape)], tags: ["random"] };
  },
};
