/** Two values in, one out: every function, every way of broadcasting, the special values in both places. */
import type { BinaryAttrs, BinaryFn, DType } from "@tatamijs/core";
import { as, distinct, given, integers, straddling, uniform } from "../fill.ts";
import { binaryFunctions, wrappedPairs } from "../functions.ts";
import type { Case, Meaning, Operand, OpKit, Tag } from "../meaning.ts";
import type { Rng } from "../rng.ts";
import { count, element, spread, walk, type Value } from "../value.ts";

const tests: readonly BinaryFn[] = ["equal", "less", "lessEqual"];
const logic: readonly BinaryFn[] = ["and", "or", "xor"];

export function binaryMeaning([a, b]: readonly Value[], { fn }: BinaryAttrs): Meaning {
  const { f, units, condition, whole } = binaryFunctions[fn];
  const integer = a!.dtype === "i32" ? wrappedPairs[fn] : undefined;
  const dtype: DType = tests.includes(fn) || logic.includes(fn) ? "bool" : a!.dtype;
  const shape = spread(a!.shape, b!.shape);
  const values = new Float64Array(count(shape));
  const error = new Float64Array(values.length);
  const size = new Float64Array(values.length);
  walk(shape, (index, i) => {
    const [p, q] = [element(a!, index), element(b!, index)];
    const value = (integer ?? f)(p, q);
    values[i] = value;
    error[i] = Math.abs(value) * (units ?? 0) + (condition?.(p, q) ?? 0);
    size[i] = Math.abs(value);
  });
  const rounded = units !== undefined && integer === undefined;
  return { shape, dtype, values, ...(rounded ? { error } : {}), ...(rounded && whole === true ? { size } : {}) };
}

const functions = Object.keys(binaryFunctions) as BinaryFn[];
const kinked: readonly BinaryFn[] = ["maximum", "minimum"];
const smooth: readonly BinaryFn[] = ["add", "sub", "mul", "div", "pow", "maximum", "minimum"];

/** Operands inside the function's domain. `mod`'s quotient stays away from whole numbers, where the floor jumps. */
function operands(fn: BinaryFn, a: readonly number[], b: readonly number[]): [Operand, Operand] {
  if (logic.includes(fn)) return [as(integers(a, 0, 1), "bool"), as(integers(b, 0, 1), "bool")];
  if (tests.includes(fn)) return [integers(a, -2, 2), integers(b, -2, 2)];
  if (kinked.includes(fn)) return [distinct(a), integers(b, -1, 1)];
  if (fn === "pow") return [uniform(a, 0.2, 3), uniform(b, -3, 3)];
  if (fn === "div") return [uniform(a), uniform(b, 0.25, 3)];
  if (fn === "mod") return [uniform(a, 10.1, 10.4), uniform(b, 2.05, 2.45)];
  return [uniform(a, -3, 3), uniform(b, -3, 3)];
}

function one(fn: BinaryFn, name: string, [a, b]: readonly [Operand, Operand], ...tags: Tag[]): Case<BinaryAttrs> {
  return { id: `binary/${fn}/${name}`, op: "binary", attrs: { fn }, inputs: [a, b], tags };
}

/** Which side is repeated, and along which axes. */
const ways: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ["equal", [3, 5], [3, 5]],
  ["row", [3, 5], [1, 5]],
  ["column", [3, 5], [3, 1]],
  ["scalar", [3, 5], [1, 1]],
  ["scalar-left", [1, 1], [3, 5]],
  ["outer", [3, 1], [1, 5]],
  ["channels", [2, 3, 4, 5], [1, 1, 1, 5]],
  ["channels-left", [1, 1, 1, 5], [2, 3, 4, 5]],
  ["map", [2, 3, 4, 5], [2, 3, 4, 1]],
  ["batch", [2, 3, 4, 5], [2, 1, 1, 5]],
  ["crossed", [2, 1, 4, 1], [1, 3, 1, 5]],
  ["rank-0", [], []],
];

function casesOf(fn: BinaryFn): Case<BinaryAttrs>[] {
  const grad: Tag[] = smooth.includes(fn) ? ["grad"] : [];
  const float = !logic.includes(fn);
  const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 2.5];
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
  const finiteOnly = fn === "pow" || fn === "mod";
  const listed = finiteOnly
    ? pairs.filter(([a, b]) => a > 0 && Number.isFinite(a) && Number.isFinite(b) && b !== 0)
    : pairs;
  return [
    ...ways.map(([name, a, b]) => one(fn, name, operands(fn, a, b), "broadcast", ...grad)),
    ...straddling.map((n) => one(fn, `n${n}`, operands(fn, [n], [n]), "straddle")),
    one(fn, "memory", operands(fn, [4, 33], [4, 33]), "memory"),
    one(fn, "memory-broadcast", operands(fn, [4, 33], [1, 33]), "memory"),
    one(fn, "empty", operands(fn, [0, 3], [1, 3]), "empty"),
    ...(float
      ? [
          one(
            fn,
            "special",
            [
              given(
                [listed.length],
                listed.map(([a]) => a),
              ),
              given(
                [listed.length],
                listed.map(([, b]) => b),
              ),
            ],
            "nan",
            "infinity",
            "zero",
          ),
          one(fn, "nan", [given([4], [NaN, 1, NaN, 2]), given([4], [1, NaN, NaN, 2])], "nan"),
          one(fn, "f16", operands(fn, [3, 7], [1, 7]).map((x) => as(x, "f16")) as [Operand, Operand], "dtype"),
        ]
      : [
          {
            ...one(fn, "table", [given([4], [0, 0, 1, 1], "bool"), given([4], [0, 1, 0, 1], "bool")], "golden"),
            expect: tables[fn]!,
          },
          // As many bytes where they are counted in words: an operand that does not cover the output is no place for it.
          one(fn, "spread", [given([1], [1], "bool"), given([3], [1, 0, 1], "bool")], "broadcast"),
        ]),
    ...(float && fn !== "pow"
      ? [
          one(fn, "i32", [as(integers([5, 7], -50, 50), "i32"), as(integers([1, 7], -9, 9), "i32")], "dtype"),
          one(
            fn,
            "i32-edges",
            [
              given([6], [2 ** 31 - 1, -(2 ** 31), -(2 ** 31), 123456789, -7, 7], "i32"),
              given([6], [2 ** 31 - 1, -1, 0, 987654321, 3, -3], "i32"),
            ],
            "dtype",
          ),
          one(fn, "whole", [integers([9, 5], -20, 20), integers([9, 5], 1, 9)], "golden"),
        ]
      : []),
  ];
}

const tables: { readonly [F in BinaryFn]?: readonly number[] } = {
  and: [0, 0, 0, 1],
  or: [0, 1, 1, 1],
  xor: [0, 1, 1, 0],
};

function randomShapes(from: Rng): [number[], number[]] {
  const shape = Array.from({ length: from.whole(0, 4) }, () => from.whole(1, 8));
  const thin = (): number[] => shape.map((size) => (from.chance(0.25) ? 1 : size));
  return [thin(), thin()];
}

export const binaryKit: OpKit<BinaryAttrs> = {
  meaning: binaryMeaning,
  cases: () => [
    ...functions.flatMap(casesOf),
    {
      ...one("mod", "signs", [given([4], [5, -5, 5, -5]), given([4], [3, 3, -3, -3])], "golden"),
      expect: [2, 1, -1, -2],
    },
    {
      ...one(
        "mod",
        "i32-signs",
        [given([5], [5, -5, 5, -5, 5], "i32"), given([5], [3, 3, -3, -3, 0], "i32")],
        "golden",
      ),
      expect: [2, 1, -1, -2, 0],
    },
    {
      ...one(
        "div",
        "i32-truncates",
        [given([5], [7, -7, 7, -7, 7], "i32"), given([5], [2, 2, -2, -2, 0], "i32")],
        "golden",
      ),
      expect: [3, -3, -3, 3, 0],
    },
    {
      ...one("pow", "by-hand", [given([6], [2, -2, -2, 0, NaN, 1]), given([6], [10, 3, 2, 0, 0, NaN])], "golden"),
      expect: [1024, -8, 4, 1, 1, 1],
    },
  ],
  random(from) {
    const fn = from.pick(functions);
    const inputs = operands(fn, ...randomShapes(from));
    return { attrs: { fn }, inputs, tags: ["random", ...(smooth.includes(fn) ? (["grad"] as const) : [])] };
  },
};
