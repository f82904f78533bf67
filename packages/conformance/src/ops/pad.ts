/** A tensor set into a larger one: elements before, after, and between neighbours. */
import type { PadAttrs } from "@tatamijs/core";
import { given, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, moved, peculiar } from "../moving.ts";
import { position } from "../value.ts";

type List = readonly number[];

function one(
  name: string,
  x: Operand,
  before: List,
  after: List,
  interior: List,
  value: number,
  ...tags: Tag[]
): Case<PadAttrs> {
  return { id: `pad/${name}`, op: "pad", attrs: { before, after, interior, value }, inputs: [x], tags };
}

const frames: readonly (readonly [string, List, List, List, List, number])[] = [
  ["before", [3, 4], [1, 2], [0, 0], [0, 0], 0],
  ["after", [3, 4], [0, 0], [2, 1], [0, 0], 0],
  ["around", [3, 4], [1, 2], [2, 1], [0, 0], 0],
  ["one-axis", [3, 4], [0, 2], [0, 1], [0, 0], 0],
  ["value", [3, 4], [1, 1], [1, 1], [0, 0], -7.5],
  ["interior", [3, 4], [0, 0], [0, 0], [1, 2], 0],
  ["interior-value", [3, 4], [1, 0], [0, 2], [2, 1], 3],
  ["interior-of-one", [1, 3], [1, 0], [0, 0], [5, 1], 0],
  ["nhwc", [2, 3, 4, 3], [0, 1, 2, 0], [0, 2, 1, 0], [0, 0, 0, 0], 0],
  ["channels", [2, 3, 2, 3], [0, 0, 0, 1], [0, 0, 0, 4], [0, 0, 0, 0], 0],
  ["nhwc-interior", [1, 3, 4, 2], [0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], 0],
  ["nothing", [3, 4], [0, 0], [0, 0], [0, 0], 9],
];

export const padKit: OpKit<PadAttrs> = {
  meaning([x], { before, after, interior, value }) {
    const shape = x!.shape.map((size, axis) => {
      let room = before[axis]! + after[axis]!;
      for (let i = 0; i < size; i++) room += i === 0 ? 1 : 1 + interior[axis]!;
      return room;
    });
    return moved(
      x!,
      shape,
      (index) => {
        const from = index.map((at, axis) => (at - before[axis]!) / (interior[axis]! + 1));
        return from.every((at, axis) => Number.isInteger(at) && at >= 0 && at < x!.shape[axis]!)
          ? position(x!.shape, from)
          : undefined;
      },
      value,
    );
  },
  cases: () => [
    ...frames.map(([name, shape, before, after, interior, value]) =>
      one(name, uniform(shape), before, after, interior, value, "geometry", "grad"),
    ),
    ...straddling.map((n) => one(`n${n}`, uniform([2, n]), [1, 3], [0, 2], [0, 0], 1, "straddle")),
    ...everyDType([3, 4]).map((x) => one(x.dtype, x, [1, 1], [0, 2], [0, 1], 1, "dtype", "memory")),
    one("empty", uniform([0, 2]), [1, 1], [2, 0], [0, 0], 4, "empty"),
    one("rank-0", uniform([]), [], [], [], 2, "geometry"),
    one("peculiar", peculiar([3, 4]), [1, 1], [1, 1], [0, 0], 0, "nan", "zero"),
    one("memory", uniform([5, 6, 7]), [1, 1, 1], [1, 1, 1], [0, 0, 0], 0, "memory"),
    { ...one("golden", given([2], [1, 2]), [1], [2], [1], 9, "golden"), expect: [9, 1, 9, 2, 9, 9] },
  ],
  random(from) {
    const shape = anyShape(from, 1, 5);
    const list = (most: number): number[] => shape.map(() => from.whole(0, most));
    return {
      attrs: { before: list(3), after: list(3), interior: list(2), value: from.whole(0, 1) },
      inputs: [anyOperand(from, shape)],
      tags: ["random"],
    };
  },
};
