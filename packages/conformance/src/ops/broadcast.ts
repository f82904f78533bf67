/** Axes of size 1 repeated. */
import type { BroadcastAttrs } from "@tatamijs/core";
import { given, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, moved, peculiar } from "../moving.ts";
import { position } from "../value.ts";

function one(name: string, x: Operand, shape: readonly number[], ...tags: Tag[]): Case<BroadcastAttrs> {
  return { id: `broadcast/${name}`, op: "broadcast", attrs: { shape }, inputs: [x], tags };
}

const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [1, 5],
    [3, 5],
  ],
  [
    [3, 1],
    [3, 5],
  ],
  [
    [1, 1],
    [3, 5],
  ],
  [
    [1, 1, 1, 5],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 1, 5],
    [2, 3, 4, 5],
  ],
  [
    [2, 3, 4, 1],
    [2, 3, 4, 5],
  ],
  [
    [1, 3, 1, 5],
    [2, 3, 4, 5],
  ],
  [
    [2, 3],
    [2, 3],
  ],
  [[], []],
  [[1], [0]],
  [
    [0, 1],
    [0, 4],
  ],
];

export const broadcastKit: OpKit<BroadcastAttrs> = {
  meaning: ([x], { shape }) =>
    moved(x!, shape, (index) =>
      position(
        x!.shape,
        index.map((at, axis) => (x!.shape[axis] === 1 ? 0 : at)),
      ),
    ),
  cases: () => [
    ...pairs.map(([a, b]) =>
      one(
        `${a.join("x")}-to-${b.join("x")}`,
        uniform(a),
        b,
        "broadcast",
        ...(b.includes(0) ? (["empty"] as const) : (["grad"] as const)),
      ),
    ),
    ...straddling.flatMap((n) => [
      one(`rows-${n}`, uniform([1, 5]), [n, 5], "straddle"),
      one(`columns-${n}`, uniform([5, 1]), [5, n], "straddle"),
    ]),
    ...everyDType([3, 1, 5]).map((x) => one(x.dtype, x, [3, 4, 5], "dtype", "memory")),
    one("peculiar", peculiar([11, 1]), [11, 3], "nan", "zero"),
    { ...one("golden", given([2, 1], [1, 2]), [2, 3], "golden"), expect: [1, 1, 1, 2, 2, 2] },
  ],
  random(from) {
    const shape = anyShape(from);
    return {
      attrs: { shape },
      inputs: [
        anyOperand(
          from,
          shape.map((size) => (from.chance(0.4) ? 1 : size)),
        ),
      ],
      tags: ["random"],
    };
  },
};
