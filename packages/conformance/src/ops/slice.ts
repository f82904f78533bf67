/** A box of a tensor, every step-th element along each axis. */
import type { SliceAttrs } from "@tatamijs/core";
import { given, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, moved, peculiar } from "../moving.ts";
import { position } from "../value.ts";

type List = readonly number[];

function one(name: string, x: Operand, starts: List, sizes: List, steps: List, ...tags: Tag[]): Case<SliceAttrs> {
  return { id: `slice/${name}`, op: "slice", attrs: { starts, sizes, steps }, inputs: [x], tags };
}

const boxes: readonly (readonly [string, List, List, List, List])[] = [
  ["front", [7, 9], [0, 0], [3, 4], [1, 1]],
  ["back", [7, 9], [4, 5], [3, 4], [1, 1]],
  ["middle", [7, 9], [2, 3], [3, 3], [1, 1]],
  ["rows", [7, 9], [2, 0], [3, 9], [1, 1]],
  ["columns", [7, 9], [0, 2], [7, 3], [1, 1]],
  ["stepped", [7, 9], [0, 1], [4, 3], [2, 3]],
  ["stepped-rows", [7, 9], [1, 0], [3, 9], [2, 1]],
  ["one-element", [7, 9], [3, 4], [1, 1], [1, 1]],
  ["whole", [7, 9], [0, 0], [7, 9], [1, 1]],
  ["nhwc", [2, 5, 6, 4], [0, 1, 2, 1], [2, 3, 2, 2], [1, 1, 2, 1]],
  ["channels", [2, 3, 4, 8], [0, 0, 0, 4], [2, 3, 4, 4], [1, 1, 1, 1]],
  ["batch", [5, 3, 4], [1, 0, 0], [2, 3, 4], [2, 1, 1]],
  ["line", [17], [3], [5], [3]],
];

export const sliceKit: OpKit<SliceAttrs> = {
  meaning: ([x], { starts, sizes, steps }) =>
    moved(x!, sizes, (index) =>
      position(
        x!.shape,
        index.map((at, axis) => starts[axis]! + at * steps[axis]!),
      ),
    ),
  cases: () => [
    ...boxes.map(([name, shape, starts, sizes, steps]) =>
      one(name, uniform(shape), starts, sizes, steps, "geometry", "grad"),
    ),
    ...straddling.map((n) => one(`n${n}`, uniform([3, n + 2]), [0, 1], [3, n], [1, 1], "straddle")),
    ...everyDType([4, 7]).map((x) => one(x.dtype, x, [1, 1], [3, 3], [1, 2], "dtype", "memory")),
    one("nothing", uniform([4, 5]), [1, 2], [0, 3], [1, 1], "empty"),
    one("nothing-at-end", uniform([4]), [4], [0], [1], "empty"),
    one("rank-0", uniform([]), [], [], [], "geometry"),
    one("peculiar", peculiar([4, 5]), [0, 1], [4, 3], [1, 1], "nan", "zero"),
    {
      ...one("golden", given([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]), [0, 1], [2, 2], [1, 2], "golden"),
      expect: [2, 4, 6, 8],
    },
  ],
  random(from) {
    const shape = anyShape(from);
    const steps = shape.map(() => from.whole(1, 3));
    const starts = shape.map((size) => from.whole(0, size - 1));
    const sizes = shape.map((size, axis) => from.whole(1, Math.floor((size - 1 - starts[axis]!) / steps[axis]!) + 1));
    return { attrs: { starts, sizes, steps }, inputs: [anyOperand(from, shape)], tags: ["random"] };
  },
};
