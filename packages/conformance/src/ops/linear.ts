/** act(x·w + bias), w either way round. */
import type { Activation, LinearAttrs } from "@tatamijs/core";
import { activated, activationList } from "../activations.ts";
import { as, given, integers, put, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { matmulMeaning } from "./matmul.ts";
import type { Value } from "../value.ts";

function linearMeaning([x, w, bias]: readonly Value[], { tb, activation }: LinearAttrs): Meaning {
  const z = matmulMeaning([x!, w!], { ta: false, tb });
  const outputs = z.shape[1]!;
  const values = z.values.map((v, i) => v + (bias?.data[i % outputs] ?? 0));
  const size = z.size!.map((s, i) => s + Math.abs(bias?.data[i % outputs] ?? 0));
  const ulps = sumUlps(x!.shape[1]! + 1);
  return activated({ ...z, values, size, error: size.map((s) => s * ulps) }, activation);
}

type Make = (shape: readonly number[]) => Operand;

function one(
  name: string,
  [m, i, o]: readonly [number, number, number],
  attrs: Partial<LinearAttrs>,
  make: Make,
  ...tags: Tag[]
): Case<LinearAttrs> {
  const { tb = true, bias = true, activation = "none" } = attrs;
  const inputs = [make([m, i]), make(tb ? [o, i] : [i, o]), ...(bias ? [make([o])] : [])];
  return { id: `linear/${name}`, op: "linear", attrs: { tb, bias, activation }, inputs, tags };
}

const small: Make = (shape) => uniform(shape, -0.7, 0.7);
const whole: Make = (shape) => integers(shape);
const named = (tb: boolean, bias: boolean, activation: Activation): string =>
  `${tb ? "oi" : "io"}${bias ? "-bias" : ""}-${activation}`;

export const linearKit: OpKit<LinearAttrs> = {
  meaning: linearMeaning,
  cases: () => [
    ...[true, false].flatMap((tb) =>
      [true, false].flatMap((bias) =>
        activationList.map((activation) =>
          one(
            `ending/${named(tb, bias, activation)}`,
            [5, 9, 6],
            { tb, bias, activation },
            bias ? small : whole,
            "geometry",
            ...(bias ? (["grad"] as const) : []),
          ),
        ),
      ),
    ),
    ...[true, false].flatMap((tb) =>
      straddling.flatMap((n) => [
        one(`straddle/m${n}-${named(tb, true, "relu")}`, [n, 6, 5], { tb, activation: "relu" }, small, "straddle"),
        one(`straddle/i${n}-${named(tb, true, "relu")}`, [3, n, 5], { tb, activation: "relu" }, whole, "straddle"),
        one(`straddle/o${n}-${named(tb, true, "relu")}`, [1, 7, n], { tb, activation: "relu" }, small, "straddle"),
      ]),
    ),
    one("wide", [1, 300, 70], {}, small, "geometry"),
    one("wide-io", [1, 45, 33], { tb: false, activation: "relu" }, small, "geometry"),
    one("wide-whole", [1, 9, 64], { bias: false }, whole, "geometry"),
    one("wide-f16", [1, 9, 40], { activation: "relu" }, (shape) => as(small(shape), "f16"), "dtype"),
    {
      ...one("wide-nan", [1, 3, 37], { activation: "relu" }, small, "nan"),
      inputs: [small([1, 3]), put(small([37, 3]), [4, NaN], [110, -Infinity]), small([37])],
    },
    one("no-rows", [0, 4, 3], {}, small, "empty"),
    one("no-features", [3, 0, 2], {}, small, "empty"),
    one("memory", [7, 19, 13], { activation: "tanh" }, small, "memory"),
    one("memory-io", [7, 19, 13], { tb: false, activation: "silu" }, small, "memory"),
    one("f16", [4, 9, 5], { activation: "relu" }, (shape) => as(small(shape), "f16"), "dtype"),
    {
      ...one("nan", [2, 3, 2], { activation: "relu" }, small, "nan"),
      inputs: [put(small([2, 3]), [1, NaN]), small([2, 3]), small([2])],
    },
    {
      ...one("golden", [1, 2, 2], { activation: "relu" }, whole, "golden"),
      inputs: [given([1, 2], [1, 2]), given([2, 2], [3, 4, -5, 6]), given([2], [10, -20])],
      expect: [21, 0],
    },
  ],
  random(from) {
    const attrs = { tb: from.chance(0.5), bias: from.chance(0.7), activation: from.pick(activationList) };
    const sizes = [from.whole(1, 20), from.whole(1, 60), from.whole(1, 40)] as const;
    // Whole numbers meet the kinks of relu.
    const made = from.chance(0.5)
      ? one("random", sizes, attrs, small, "random", "grad")
      : one("random", sizes, attrs, whole, "random");
    return { attrs: made.attrs, inputs: made.inputs, tags: made.tags };
  },
};
