/** One value in, one out: each function over its domain, at the special values, at lengths around a vector's width. */
import type { DType, UnaryAttrs, UnaryFn } from "@tatamijs/core";
import { as, distinct, given, integers, straddling, uniform } from "../fill.ts";
import { unaryFunctions, wrapped } from "../functions.ts";
import { perElement, type Case, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import type { Value } from "../value.ts";

export function unaryMeaning([x]: readonly Value[], { fn }: UnaryAttrs): Meaning {
  const { f, units, condition } = unaryFunctions[fn];
  const dtype: DType = fn === "isNaN" ? "bool" : x!.dtype;
  const whole = x!.dtype === "i32" ? wrapped[fn] : undefined;
  const made = perElement(x!.shape, dtype, (i) => {
    const a = x!.data[i]!;
    if (whole !== undefined) return { value: whole(a) };
    const value = f(a);
    if (units === undefined) return { value };
    const error = Math.abs(value) * units + (condition?.(a) ?? 0);
    return { value, error, ...(fn === "square" ? { size: Math.abs(value) } : {}) };
  });
  return fn === "copy" ? { ...made, moves: true } : made;
}

/** Where a function is tried; NaN, zeros and infinities come on top. */
const domain: Readonly<Record<UnaryFn, readonly [number, number]>> = {
  copy: [-9, 9],
  neg: [-9, 9],
  abs: [-9, 9],
  sign: [-2, 2],
  reciprocal: [0.01, 9],
  square: [-9, 9],
  sqrt: [0.01, 1000],
  exp: [-20, 20],
  log: [1e-4, 1000],
  log1p: [-0.9, 50],
  expm1: [-8, 8],
  sin: [-30, 30],
  cos: [-30, 30],
  tanh: [-6, 6],
  sigmoid: [-20, 20],
  erf: [-3, 3],
  relu: [-3, 3],
  floor: [-20, 20],
  ceil: [-20, 20],
  round: [-20, 20],
  not: [0, 1],
  isNaN: [-1, 1],
};

/** f16 has fewer digits and a smaller range. */
const halfDomain: { readonly [F in UnaryFn]?: readonly [number, number] } = {
  exp: [-6, 6],
  sqrt: [0.01, 100],
  log: [0.01, 100],
};

const smooth: readonly UnaryFn[] = [
  "copy",
  "neg",
  "abs",
  "reciprocal",
  "square",
  "sqrt",
  "exp",
  "log",
  "log1p",
  "expm1",
  "sin",
  "cos",
  "tanh",
  "sigmoid",
  "erf",
  "relu",
];
const kinked: readonly UnaryFn[] = ["abs", "relu"];

const functions = Object.keys(unaryFunctions) as UnaryFn[];
const overIntegers = Object.keys(wrapped) as UnaryFn[];

function operandOf(fn: UnaryFn, shape: readonly number[]): Operand {
  if (fn === "not") return as(integers(shape, 0, 1), "bool");
  if (kinked.includes(fn)) return distinct(shape);
  return uniform(shape, ...domain[fn]);
}

function one(fn: UnaryFn, name: string, operand: Operand, ...tags: Tag[]): Case<UnaryAttrs> {
  return { id: `unary/${fn}/${name}`, op: "unary", attrs: { fn }, inputs: [operand], tags };
}

function casesOf(fn: UnaryFn): Case<UnaryAttrs>[] {
  const [low, high] = domain[fn];
  const float = fn !== "not";
  const grad: Tag[] = smooth.includes(fn) ? ["grad"] : [];
  return [
    ...straddling.map((n) => one(fn, `n${n}`, operandOf(fn, [n]), "straddle", ...grad)),
    one(fn, "scalar", operandOf(fn, []), "geometry", ...grad),
    one(fn, "2x3x5x7", operandOf(fn, [2, 3, 5, 7]), "geometry", "memory"),
    one(fn, "empty", operandOf(fn, [3, 0]), "empty"),
    ...(float
      ? [
          one(fn, "nan", given([7], [NaN, low, high, NaN, low, high, NaN]), "nan"),
          one(fn, "infinities", given([3], [Infinity, -Infinity, 1]), "infinity"),
          one(fn, "zeros", given([2], [0, -0]), "zero"),
          one(fn, "halves", given([9], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 4194303.5, 8388609]), "ties"),
          one(fn, "one", given([3], [1, -1, 2]), "zero"),
          one(
            fn,
            "f16",
            as(uniform([33], ...(halfDomain[fn] ?? [Math.max(low, -8), Math.min(high, 8)])), "f16"),
            "dtype",
          ),
        ]
      : []),
    ...(overIntegers.includes(fn)
      ? [
          one(fn, "i32", as(integers([4, 5], -1000, 1000), "i32"), "dtype"),
          one(fn, "i32-edges", given([6], [-(2 ** 31), 2 ** 31 - 1, -(2 ** 31) + 1, 65536, 46341, 0], "i32"), "dtype"),
        ]
      : []),
    ...(fn === "copy"
      ? (["u8", "bool"] as const).map((dtype) =>
          one(fn, dtype, as(integers([17], 0, dtype === "u8" ? 255 : 1), dtype), "dtype", "memory"),
        )
      : []),
  ];
}

export const unaryKit: OpKit<UnaryAttrs> = {
  meaning: unaryMeaning,
  cases: () => [
    ...functions.flatMap(casesOf),
    one("exp", "overflow", given([4], [88, 89, -104, -200]), "infinity"),
    one("sigmoid", "far", given([4], [-80, 80, -40, 40]), "infinity"),
    one("tanh", "near-zero", given([4], [1e-6, -1e-4, 1e-3, 0.01]), "zero"),
    one("log1p", "near-zero", given([4], [1e-6, -1e-4, 1e-3, 0.01]), "zero"),
    one("expm1", "near-zero", given([4], [1e-6, -1e-4, 1e-3, 0.01]), "zero"),
    one("erf", "near-zero", given([4], [1e-6, -1e-4, 1e-3, 0.01]), "zero"),
    { ...one("round", "halves-to-even", given([4], [0.5, 1.5, 2.5, -0.5]), "golden"), expect: [0, 2, 2, 0] },
    { ...one("relu", "by-hand", given([3], [-1, 0, 2]), "golden"), expect: [0, 0, 2] },
  ],
  random(from) {
    const fn = from.pick(functions);
    const shape = Array.from({ length: from.whole(0, 4) }, () => from.whole(1, 9));
    return {
      attrs: { fn },
      inputs: [operandOf(fn, shape)],
      tags: ["random", ...(smooth.includes(fn) ? (["grad"] as const) : [])],
    };
  },
};
