/** condition ? a : b, broadcast. What is not taken must not be seen: a NaN on the other side stays there. */
import type { SelectAttrs } from "@tatamijs/core";
import { as, given, integers, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { count, element, spread, walk } from "../value.ts";

const condition = (shape: readonly number[]): Operand => as(integers(shape, 0, 1), "bool");

function one(name: string, inputs: readonly Operand[], ...tags: Tag[]): Case<SelectAttrs> {
  return { id: `select/${name}`, op: "select", attrs: {}, inputs, tags };
}

const ways: readonly (readonly [string, readonly number[], readonly number[], readonly number[]])[] = [
  ["equal", [3, 5], [3, 5], [3, 5]],
  ["scalar-right", [3, 5], [3, 5], [1, 1]],
  ["scalar-left", [3, 5], [1, 1], [3, 5]],
  ["scalars", [3, 5], [1, 1], [1, 1]],
  ["row-condition", [1, 5], [3, 5], [3, 5]],
  ["column-condition", [3, 1], [3, 5], [3, 5]],
  ["one-condition", [1, 1], [3, 5], [3, 5]],
  ["crossed", [2, 1, 1], [1, 3, 1], [1, 1, 5]],
  ["channels", [2, 3, 4, 5], [1, 1, 1, 5], [2, 3, 4, 1]],
  ["rank-0", [], [], []],
  ["empty", [0, 3], [1, 3], [0, 1]],
];

export const selectKit: OpKit<SelectAttrs> = {
  meaning([c, a, b]) {
    const shape = spread(c!.shape, a!.shape, b!.shape);
    const values = new Float64Array(count(shape));
    walk(shape, (index, i) => (values[i] = element(element(c!, index) === 0 ? b! : a!, index)));
    return { shape, dtype: a!.dtype, values, moves: true };
  },
  cases: () => [
    ...ways.map(([name, c, a, b]) =>
      one(name, [condition(c), uniform(a), uniform(b)], "broadcast", ...(name === "empty" ? [] : (["grad"] as const))),
    ),
    ...straddling.map((n) => one(`n${n}`, [condition([n]), uniform([n]), uniform([n])], "straddle")),
    ...(["f16", "i32", "u8", "bool"] as const).map((dtype) =>
      one(
        dtype,
        [condition([4, 9]), as(integers([4, 9], 0, 1), dtype), as(integers([4, 9], 0, 1), dtype)],
        "dtype",
        "memory",
      ),
    ),
    one("memory", [condition([7, 33]), uniform([7, 33]), uniform([7, 33])], "memory"),
    one(
      "nan-not-taken",
      [given([4], [1, 0, 1, 0], "bool"), given([4], [1, NaN, 2, Infinity]), given([4], [NaN, 3, Infinity, 4])],
      "nan",
    ),
    one(
      "nan-taken",
      [given([4], [1, 0, 1, 0], "bool"), given([4], [NaN, 1, Infinity, 1]), given([4], [1, NaN, 1, -Infinity])],
      "nan",
    ),
    one("minus-zero", [given([4], [1, 0, 1, 0], "bool"), given([4], [-0, 1, 0, 1]), given([4], [1, -0, 1, 0])], "zero"),
    {
      ...one("golden", [given([3], [1, 0, 1], "bool"), given([3], [1, 2, 3]), given([3], [10, 20, 30])], "golden"),
      expect: [1, 20, 3],
    },
  ],
  random(from) {
    const shape = Array.from({ length: from.whole(0, 4) }, () => from.whole(1, 8));
    const thin = (): number[] => shape.map((size) => (from.chance(0.25) ? 1 : size));
    return { attrs: {}, inputs: [condition(thin()), uniform(thin()), uniform(thin())], tags: ["random", "grad"] };
  },
};
