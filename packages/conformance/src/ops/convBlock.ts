/** act(conv2d(x, w) + bias + residual): every ending of the block, over geometries that each reach another kernel. */
import type { Activation, ConvBlockAttrs } from "@tatamijs/core";
import { activated, activationList } from "../activations.ts";
import { as, given, integers, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { convShapes, large, nameOf, randomConv, type ConvCase } from "../convolutions.ts";
import { convMeaning } from "./conv2d.ts";
import type { Value } from "../value.ts";
import { windows } from "../windows.ts";

function blockMeaning(inputs: readonly Value[], attrs: ConvBlockAttrs): Meaning {
  const z = convMeaning(inputs, attrs);
  const filters = z.shape[3]!;
  const bias = attrs.bias ? inputs[2]! : undefined;
  const residual = attrs.residual ? inputs.at(-1)! : undefined;
  const values = z.values.map((v, i) => v + (bias?.data[i % filters] ?? 0) + (residual?.data[i] ?? 0));
  const size = z.size!.map((s, i) => s + Math.abs(bias?.data[i % filters] ?? 0) + Math.abs(residual?.data[i] ?? 0));
  const [, fh, fw, channels] = inputs[1]!.shape as [number, number, number, number];
  const ulps = sumUlps(fh * fw * channels + 2);
  return activated({ ...z, values, size, error: size.map((s) => s * ulps) }, attrs.activation);
}

interface Ending {
  readonly bias?: boolean;
  readonly residual?: boolean;
  readonly activation?: Activation;
}

type Make = (shape: readonly number[]) => Operand;

function one(name: string, c: ConvCase, ending: Ending, make: Make, ...tags: Tag[]): Case<ConvBlockAttrs> {
  const { bias = false, residual = false, activation = "none" } = ending;
  const attrs: ConvBlockAttrs = { ...windows(c), groups: c.g ?? 1, bias, residual, activation };
  const { x, w, y } = convShapes(c, attrs);
  const inputs = [make(x), make(w), ...(bias ? [make([c.k])] : []), ...(residual ? [make(y)] : [])];
  return { id: `convBlock/${name}`, op: "convBlock", attrs, inputs, tags };
}

const small: Make = (shape) => uniform(shape, -0.7, 0.7);
const whole: Make = (shape) => integers(shape);

const kinds: readonly (readonly [string, ConvCase])[] = [
  ["3x3", { n: 2, h: 6, w: 5, c: 4, k: 6, f: 3, p: 1 }],
  ["1x1", { h: 5, w: 6, c: 9, k: 7, f: 1 }],
  ["strided", { h: 8, w: 8, c: 3, k: 5, f: 3, s: 2, p: 1 }],
  ["depthwise", { h: 7, w: 6, c: 5, k: 5, f: 3, p: 1, g: 5 }],
  ["grouped", { h: 6, w: 6, c: 6, k: 4, f: 3, g: 2 }],
  ["dilated", { h: 9, w: 8, c: 2, k: 3, f: 3, d: 2, p: 2 }],
];

const endings: readonly Ending[] = [{ bias: true }, { residual: true }, { bias: true, residual: true }];
const label = ({ bias = false, residual = false, activation = "none" }: Ending): string =>
  [...(bias ? ["bias"] : []), ...(residual ? ["residual"] : []), activation].join("-");

export const convBlockKit: OpKit<ConvBlockAttrs> = {
  meaning: blockMeaning,
  cases: () => [
    ...kinds.flatMap(([name, c]) =>
      activationList.flatMap((activation) =>
        endings.map((ending, i) =>
          one(
            `${name}/${label({ ...ending, activation })}`,
            c,
            { ...ending, activation },
            i === 2 ? whole : small,
            "geometry",
            ...(i === 0 ? (["grad"] as const) : []),
          ),
        ),
      ),
    ),
    ...kinds.map(([name, c]) => one(`${name}/plain`, c, {}, whole, "geometry")),
    ...straddling.flatMap((size) => [
      one(
        `straddle/k${size}`,
        { h: 5, w: 4, c: 3, k: size, f: 3, p: 1 },
        { bias: true, activation: "relu" },
        small,
        "straddle",
      ),
      one(
        `straddle/1x1-k${size}`,
        { h: 3, w: 3, c: size, k: size, f: 1 },
        { bias: true, residual: true, activation: "relu" },
        whole,
        "straddle",
      ),
      one(
        `straddle/depthwise-c${size}`,
        { h: 5, w: 5, c: size, k: size, f: 3, p: 1, g: size },
        { bias: true, activation: "relu6" },
        small,
        "straddle",
      ),
    ]),
    ...large.map((c) =>
      one(`large/${nameOf(c)}`, c, { bias: true, residual: true, activation: "relu" }, small, "large"),
    ),
    one(
      "memory",
      { n: 2, h: 8, w: 8, c: 8, k: 8, f: 3, p: 1 },
      { bias: true, residual: true, activation: "relu" },
      small,
      "memory",
      "grad",
    ),
    one(
      "memory-depthwise",
      { h: 8, w: 8, c: 8, k: 8, f: 3, p: 1, g: 8 },
      { bias: true, activation: "relu6" },
      small,
      "memory",
    ),
    one(
      "f16",
      { h: 5, w: 5, c: 3, k: 4, f: 3, p: 1 },
      { bias: true, activation: "relu" },
      (shape) => as(small(shape), "f16"),
      "dtype",
    ),
    {
      ...one(
        "golden",
        { h: 1, w: 2, c: 1, k: 2, f: 1 },
        { bias: true, residual: true, activation: "relu" },
        whole,
        "golden",
      ),
      inputs: [
        given([1, 1, 2, 1], [1, 2]),
        given([2, 1, 1, 1], [3, -3]),
        given([2], [1, 2]),
        given([1, 1, 2, 2], [10, 20, -30, 40]),
      ],
      expect: [14, 19, 0, 36],
    },
    {
      ...one("nan-passes-relu", { h: 1, w: 2, c: 1, k: 1, f: 1 }, { bias: true, activation: "relu" }, whole, "nan"),
      inputs: [given([1, 1, 2, 1], [NaN, -2]), given([1, 1, 1, 1], [1]), given([1], [1])],
    },
    {
      ...one("nan-passes-relu6", { h: 1, w: 2, c: 1, k: 1, f: 1 }, { bias: true, activation: "relu6" }, whole, "nan"),
      inputs: [given([1, 1, 2, 1], [NaN, 9]), given([1, 1, 1, 1], [1]), given([1], [1])],
    },
  ],
  random(from) {
    const { c, attrs } = randomConv(from);
    const ending = { bias: from.chance(0.7), residual: from.chance(0.3), activation: from.pick(activationList) };
    const { x, w, y } = convShapes(c, attrs);
    const shapes = [x, w, ...(ending.bias ? [[c.k]] : []), ...(ending.residual ? [y] : [])];
    // Whole numbers meet the kinks of relu.
    const fractions = from.chance(0.5);
    return {
      attrs: { ...attrs, ...ending },
      inputs: shapes.map(fractions ? small : whole),
      tags: ["random", ...(fractions ? (["grad"] as const) : [])],
    };
  },
};
