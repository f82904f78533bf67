/** Chains of pointwise ops. Errors are carried along: what an operand may be off by, each step makes of it what it does. */
import { chained } from "../chain.ts";
import type { MapAttrs, MapStep, ReduceFn } from "@tatamijs/core";
import { as, distinct, given, integers, straddling, uniform } from "../fill.ts";
import type { AttrsOf, Case, Meaning, Operand, OpKit, Tag } from "../meaning.ts";
import type { Rng } from "../rng.ts";
import { gathered, reduceMeaning } from "./reduce.ts";
import { unit, type Value } from "../value.ts";

function mapMeaning(inputs: readonly Value[], { steps }: MapAttrs): Meaning {
  const { value, off } = chained(inputs, steps);
  const { shape, dtype, data } = value;
  const rounds = dtype === "f32" || dtype === "f16";
  return {
    shape,
    dtype,
    values: data,
    ...(rounds ? { error: off.map((e, i) => e / unit(dtype) + 2 * Math.abs(data[i]!)) } : {}),
  };
}

const unary = (fn: Extract<MapStep, { op: "unary" }>["attrs"]["fn"], x: number): MapStep => ({
  op: "unary",
  attrs: { fn },
  inputs: [x],
});
const binary = (fn: Extract<MapStep, { op: "binary" }>["attrs"]["fn"], a: number, b: number): MapStep => ({
  op: "binary",
  attrs: { fn },
  inputs: [a, b],
});
const select = (c: number, a: number, b: number): MapStep => ({ op: "select", attrs: {}, inputs: [c, a, b] });

function one(name: string, inputs: readonly Operand[], steps: readonly MapStep[], ...tags: Tag[]): Case<MapAttrs> {
  return { id: `map/${name}`, op: "map", attrs: { steps }, inputs, tags };
}

/** Chains that training makes, over operands of these shapes. */
const chains: readonly (readonly [
  string,
  (shape: readonly number[], row: readonly number[]) => Operand[],
  readonly MapStep[],
])[] = [
  ["one-step", (s) => [uniform(s)], [unary("neg", 0)]],
  ["bias-relu", (s, r) => [distinct(s), given(r, [0.25])], [binary("add", 0, 1), unary("relu", 2)]],
  ["scale-shift", (s, r) => [uniform(s), uniform(r, 0.5, 2), uniform(r)], [binary("mul", 0, 1), binary("add", 3, 2)]],
  [
    "relu-gradient",
    (s) => [
      distinct(s),
      given(
        s.map(() => 1),
        [0],
      ),
      uniform(s),
    ],
    [binary("lessEqual", 0, 1), select(3, 1, 2)],
  ],
  [
    "sgd",
    (s) => [
      uniform(s),
      uniform(s),
      given(
        s.map(() => 1),
        [0.1],
      ),
    ],
    [binary("mul", 1, 2), binary("sub", 0, 3)],
  ],
  [
    "adam",
    (s) => [
      uniform(s),
      uniform(s),
      uniform(s, 0.01, 1),
      given(
        s.map(() => 1),
        [0.001],
      ),
    ],
    [unary("sqrt", 2), binary("div", 1, 4), binary("mul", 5, 3), binary("sub", 0, 6)],
  ],
  ["sigmoid-twice", (s) => [uniform(s, -3, 3)], [unary("sigmoid", 0), binary("mul", 1, 1), binary("mul", 0, 2)]],
  ["exp-log", (s) => [uniform(s, 0.5, 2)], [unary("exp", 0), unary("log", 1), unary("tanh", 2), unary("erf", 3)]],
  [
    "batch-norm",
    (s, r) => [uniform(s), uniform(r), uniform(r, 0.5, 2), uniform(r), uniform(r)],
    [binary("sub", 0, 1), binary("mul", 5, 2), binary("mul", 6, 3), binary("add", 7, 4)],
  ],
  ["same-input-twice", (s) => [uniform(s)], [binary("add", 0, 0), binary("mul", 1, 0)]],
  ["unused-step", (s) => [uniform(s)], [unary("exp", 0), unary("square", 0)]],
  [
    "deep",
    (s) => [uniform(s, 0.5, 1)],
    Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? unary("square", i) : unary("sqrt", i))),
  ],
];

const rowOf = (shape: readonly number[]): number[] => shape.map((size, axis) => (axis === shape.length - 1 ? size : 1));

export const mapKit: OpKit<MapAttrs> = {
  meaning: mapMeaning,
  cases: () => [
    ...chains.flatMap(([name, make, steps]) => [
      one(`${name}/3x5`, make([3, 5], [1, 5]), steps, "geometry", "grad"),
      one(`${name}/2x3x4x5`, make([2, 3, 4, 5], [1, 1, 1, 5]), steps, "geometry", "memory"),
    ]),
    ...straddling.flatMap((n) => [
      one(
        `straddle/n${n}`,
        [uniform([n]), uniform([n]), uniform([1])],
        [binary("mul", 0, 2), binary("add", 3, 1), unary("relu", 4)],
        "straddle",
      ),
      one(
        `straddle/rows-${n}`,
        [uniform([n, 3]), uniform([n, 1]), uniform([1, 3])],
        [binary("sub", 0, 1), binary("mul", 3, 2)],
        "straddle",
      ),
    ]),
    one(
      "broadcast-outer",
      [uniform([4, 1]), uniform([1, 5])],
      [binary("mul", 0, 1), unary("tanh", 2)],
      "broadcast",
      "grad",
    ),
    one("unused-wide-input", [uniform([4, 5]), uniform([1, 5])], [unary("tanh", 1)], "broadcast"),
    one(
      "broadcast-small-first",
      [uniform([1, 1]), uniform([3, 5])],
      [unary("exp", 0), binary("mul", 2, 1)],
      "broadcast",
      "grad",
    ),
    one("scalars", [uniform([]), uniform([])], [binary("add", 0, 1), unary("exp", 2)], "geometry"),
    one("empty", [uniform([0, 3])], [unary("exp", 0)], "empty"),
    one(
      "i32",
      [as(integers([3, 5]), "i32"), as(integers([1, 5]), "i32")],
      [binary("mul", 0, 1), binary("add", 2, 0), unary("neg", 3)],
      "dtype",
    ),
    one("to-bool", [integers([3, 5]), integers([1, 5])], [binary("less", 0, 1), unary("not", 2)], "dtype"),
    one(
      "through-bool",
      [integers([3, 5]), integers([1, 5])],
      [binary("equal", 0, 1), { op: "cast", attrs: { dtype: "f32" }, inputs: [2] }, binary("mul", 3, 0)],
      "dtype",
    ),
    one(
      "u8-to-float",
      [as(integers([3, 5], 0, 255), "u8"), given([1, 1], [1 / 255])],
      [{ op: "cast", attrs: { dtype: "f32" }, inputs: [0] }, binary("mul", 2, 1)],
      "dtype",
    ),
    one(
      "float-to-i32",
      [integers([3, 5], -99, 99)],
      [{ op: "cast", attrs: { dtype: "i32" }, inputs: [0] }, unary("abs", 1)],
      "dtype",
    ),
    one(
      "f16",
      [as(uniform([3, 5]), "f16"), as(uniform([1, 5]), "f16")],
      [binary("mul", 0, 1), unary("relu", 2)],
      "dtype",
    ),
    one(
      "nan",
      [given([6], [NaN, 1, -1, Infinity, -Infinity, 0]), given([1], [0])],
      [binary("add", 0, 1), unary("relu", 2)],
      "nan",
      "infinity",
    ),
    one("nan-not-taken", [given([4], [1, NaN, 2, NaN]), given([1], [0])], [unary("isNaN", 0), select(2, 1, 0)], "nan"),
    {
      ...one(
        "golden",
        [given([3], [1, -2, 3]), given([1], [10])],
        [binary("mul", 0, 1), unary("relu", 2), binary("sub", 3, 0)],
        "golden",
      ),
      expect: [9, 2, 27],
    },
  ],
  random(from) {
    const shape = Array.from({ length: from.whole(1, 4) }, () => from.whole(1, 7));
    return {
      attrs: { steps: randomSteps(from, 3) },
      inputs: [uniform(shape), uniform(rowOf(shape)), uniform(shape)],
      tags: ["random"],
    };
  },
};

/** Smooth steps that keep numbers small, over `n` inputs. */
function randomSteps(from: Rng, n: number): MapStep[] {
  return Array.from({ length: from.whole(1, 8) }, (_, j) => {
    const a = from.whole(Math.max(0, n + j - 3), n + j - 1);
    const b = from.whole(0, n + j - 1);
    return from.chance(0.5)
      ? unary(from.pick(["neg", "tanh", "sigmoid", "relu", "sin", "erf", "abs"]), a)
      : binary(from.pick(["add", "sub", "mul", "maximum", "minimum"]), a, b);
  });
}

type MapReduceAttrs = AttrsOf<"mapReduce">;

/** What each element may be off by adds up; of an extreme, the largest counts; in a product each is scaled by the others. */
function mapReduceMeaning(inputs: readonly Value[], { steps, fn, axes }: MapReduceAttrs): Meaning {
  const { value, off } = chained(inputs, steps);
  const at = reduceMeaning([value], { fn, axes });
  if (at.dtype !== "f32" && at.dtype !== "f16") return at;
  const rounding = value.data.map((x, i) => off[i]! / unit(at.dtype) + 2 * Math.abs(x));
  const parts = gathered({ ...value, data: rounding }, axes).lists;
  const members = gathered(value, axes).lists;
  const error = at.values.map((y, i) => {
    const [own, xs] = [parts[i]!, members[i]!];
    const sum = own.reduce((a, b) => a + b, 0);
    const carried = {
      sum,
      mean: sum / Math.max(1, own.length),
      max: own.reduce((a, b) => Math.max(a, b), 0),
      min: own.reduce((a, b) => Math.max(a, b), 0),
      prod: own.reduce(
        (total, e, k) => total + e * Math.abs(xs.reduce((product, x, j) => (j === k ? product : product * x), 1)),
        0,
      ),
    }[fn];
    return carried + (at.error?.[i] ?? 0) + 2 * Math.abs(y);
  });
  return { shape: at.shape, dtype: at.dtype, values: at.values, error };
}

function reduced(
  name: string,
  inputs: readonly Operand[],
  steps: readonly MapStep[],
  fn: ReduceFn,
  axes: readonly number[],
  ...tags: Tag[]
): Case<MapReduceAttrs> {
  return { id: `mapReduce/${name}`, op: "mapReduce", attrs: { steps, fn, axes }, inputs, tags };
}

const product: readonly MapStep[] = [binary("mul", 0, 1)];
const reductions = ["sum", "mean", "max", "min", "prod"] as const;

export const mapReduceKit: OpKit<MapReduceAttrs> = {
  meaning: mapReduceMeaning,
  cases: () => [
    ...reductions.flatMap((fn) =>
      ([[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]] as const).map((axes) =>
        reduced(
          `${fn}/axes-${axes.join("")}`,
          [uniform([3, 4, 5], 0.5, 1.2), uniform([3, 4, 5], 0.8, 1.2)],
          product,
          fn,
          axes,
          "geometry",
        ),
      ),
    ),
    ...chains
      .filter(([name]) => name !== "deep")
      .map(([name, make, steps]) =>
        reduced(`sum/${name}`, make([4, 3, 5], [1, 1, 5]), steps, "sum", [0, 1], "geometry", "grad", "memory"),
      ),
    ...straddling.flatMap((n) => [
      reduced(`sum/last-n${n}`, [uniform([3, n]), uniform([3, n])], product, "sum", [1], "straddle", "grad"),
      reduced(`sum/first-n${n}`, [uniform([n, 3]), uniform([1, 3])], product, "sum", [0], "straddle"),
      reduced(`max/last-n${n}`, [distinct([3, n]), uniform([1, 1], 0.5, 1)], product, "max", [1], "straddle"),
    ]),
    reduced("sum/broadcast", [uniform([4, 1]), uniform([1, 5])], product, "sum", [1], "broadcast", "grad"),
    // The value has the shape of what the last step reads, not of all inputs.
    reduced(
      "sum/unused-wide-input",
      [uniform([2, 6, 3]), uniform([1, 1, 3])],
      [unary("sigmoid", 1)],
      "sum",
      [0],
      "broadcast",
    ),
    reduced(
      "mean/unused-step",
      [uniform([2, 6]), uniform([1, 6])],
      [unary("exp", 0), unary("neg", 1)],
      "mean",
      [0],
      "broadcast",
    ),
    reduced("sum/nothing-left", [uniform([4, 5])], [unary("square", 0)], "sum", [], "geometry"),
    reduced("sum/of-none", [uniform([3, 0])], [unary("exp", 0)], "sum", [1], "empty"),
    reduced("sum/f16", [as(uniform([3, 9]), "f16"), as(uniform([3, 9]), "f16")], product, "sum", [1], "dtype"),
    reduced("sum/i32", [as(integers([3, 9]), "i32"), as(integers([3, 9]), "i32")], product, "sum", [1], "dtype"),
    reduced("max/nan", [given([2, 3], [NaN, 1, 2, 3, 4, NaN]), given([1, 1], [1])], product, "max", [1], "nan"),
    {
      ...reduced(
        "sum/golden",
        [given([2, 3], [1, 2, 3, 4, 5, 6]), given([1, 3], [1, 10, 100])],
        product,
        "sum",
        [1],
        "golden",
      ),
      expect: [321, 654],
    },
  ],
  random(from) {
    const shape = Array.from({ length: from.whole(1, 4) }, () => from.whole(1, 7));
    const axes = shape.flatMap((_, axis) => (from.chance(0.5) ? [axis] : []));
    const fn = from.pick(["sum", "mean", "max", "min"] as const);
    return {
      attrs: { steps: randomSteps(from, 3), fn, axes },
      inputs: [uniform(shape), uniform(rowOf(shape)), uniform(shape)],
      tags: ["random"],
    };
  },
};
