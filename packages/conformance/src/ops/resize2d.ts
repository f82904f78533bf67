/** Resizing and its transpose: where each output row reads, worked out from the coordinate rules of ONNX's Resize. */
import type { ResizeAttrs } from "@tatamijs/core";
import { as, given, integers, straddling, uniform } from "../fill.ts";
import type { Case, Meaning, Operand, OpKit, Tag } from "../meaning.ts";
import type { Rng } from "../rng.ts";
import type { Value } from "../value.ts";

type Pair = readonly [number, number];

/** The input rows that output row o reads, and their weights. */
function taps(attrs: ResizeAttrs, axis: 0 | 1, o: number): [row: number, weight: number][] {
  const [size, out, scale] = [attrs.input[axis], attrs.output[axis], attrs.scale[axis]];
  const at = {
    "half-pixel": (o + 0.5) / scale - 0.5,
    "align-corners": out === 1 ? 0 : (o * (size - 1)) / (out - 1),
    asymmetric: o / scale,
  }[attrs.coordinates];
  const inside = (row: number): number => Math.min(Math.max(row, 0), size - 1);
  if (attrs.mode === "nearest") {
    const half = at - Math.floor(at) === 0.5;
    const rounded = {
      floor: Math.floor(at),
      ceil: Math.ceil(at),
      "round-prefer-floor": half ? Math.floor(at) : Math.floor(at + 0.5),
      "round-prefer-ceil": Math.floor(at + 0.5),
    }[attrs.nearest];
    return [[inside(rounded), 1]];
  }
  const low = Math.floor(at);
  return [
    [inside(low), 1 - (at - low)],
    [inside(low + 1), at - low],
  ];
}

/** Calls back for each product that the op is a sum of. */
function eachTap(
  N: number,
  C: number,
  attrs: ResizeAttrs,
  visit: (output: number, input: number, weight: number) => void,
): void {
  const [H, W] = attrs.input;
  for (let n = 0, output = 0; n < N; n++)
    for (let oy = 0; oy < attrs.output[0]; oy++)
      for (let ox = 0; ox < attrs.output[1]; ox++)
        for (let c = 0; c < C; c++, output++)
          for (const [y, a] of taps(attrs, 0, oy))
            for (const [x, b] of taps(attrs, 1, ox))
              if (a * b !== 0) visit(output, ((n * H + y) * W + x) * C + c, a * b);
}

function sums(direction: "forward" | "back", [x]: readonly Value[], attrs: ResizeAttrs): Meaning {
  const [N, , , C] = x!.shape as [number, number, number, number];
  const shape = [N, ...(direction === "forward" ? attrs.output : attrs.input), C];
  const values = new Float64Array(shape.reduce((product, dim) => product * dim, 1));
  const size = new Float64Array(values.length);
  const terms = new Float64Array(values.length);
  eachTap(N, C, attrs, (output, input, weight) => {
    const [to, from] = direction === "forward" ? [output, input] : [input, output];
    values[to]! += weight * x!.data[from]!;
    size[to]! += Math.abs(weight * x!.data[from]!);
    terms[to]!++;
  });
  if (attrs.mode === "nearest" && direction === "forward") return { shape, dtype: x!.dtype, values };
  if (attrs.mode === "nearest")
    return { shape, dtype: x!.dtype, values, size, error: size.map((s, i) => s * 2 * terms[i]!) };
  // A weight is the fraction of a coordinate of up to `extent`, and is rounded with it.
  const extent = Math.max(...attrs.input, ...attrs.output);
  const largest = x!.data.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return {
    shape,
    dtype: x!.dtype,
    values,
    error: size.map((s, i) => s * (2 * terms[i]! + 8) + 4 * extent * largest * Math.max(1, terms[i]! / 4)),
  };
}

interface Given {
  readonly input: Pair;
  readonly output: Pair;
  readonly mode: ResizeAttrs["mode"];
  readonly coordinates: ResizeAttrs["coordinates"];
  readonly nearest?: ResizeAttrs["nearest"];
  readonly scale?: Pair;
}

const attrsOf = ({ input, output, mode, coordinates, nearest, scale }: Given): ResizeAttrs => ({
  input,
  output,
  scale: scale ?? [output[0] / input[0], output[1] / input[1]],
  mode,
  coordinates,
  nearest: nearest ?? "floor",
});

const coordinates = ["half-pixel", "align-corners", "asymmetric"] as const;
const roundings = ["floor", "ceil", "round-prefer-floor", "round-prefer-ceil"] as const;
const sizes: readonly (readonly [Pair, Pair])[] = [
  [
    [4, 5],
    [8, 10],
  ],
  [
    [8, 6],
    [4, 3],
  ],
  [
    [3, 4],
    [7, 6],
  ],
  [
    [7, 9],
    [3, 4],
  ],
  [
    [1, 1],
    [3, 2],
  ],
  [
    [5, 4],
    [1, 1],
  ],
  [
    [4, 4],
    [4, 4],
  ],
  [
    [2, 3],
    [9, 5],
  ],
];

type Name = "resize2d" | "resize2dGrad";

function one(
  op: Name,
  name: string,
  given: Given,
  make: (shape: readonly number[]) => Operand,
  tags: readonly Tag[],
  n = 1,
  c = 3,
): Case<ResizeAttrs> {
  const attrs = attrsOf(given);
  return {
    id: `${op}/${name}`,
    op,
    attrs,
    inputs: [make([n, ...(op === "resize2d" ? attrs.input : attrs.output), c])],
    tags,
  };
}

/**
 * Nearest at a coordinate near a half would hang on the last bit of a division: such a case is drawn again, or kept where
 * the arithmetic is exact.
 */
function steady(attrs: ResizeAttrs): boolean {
  if (attrs.mode !== "nearest") return true;
  return ([0, 1] as const).every((axis) => {
    for (let o = 0; o < attrs.output[axis]; o++) {
      const here = taps(attrs, axis, o)[0]![0];
      for (const nudge of [1 - 1e-6, 1 + 1e-6]) {
        const scale = attrs.scale.map((s) => s * nudge) as [number, number];
        const out = attrs.output.map((n) => (n - 1) * nudge + 1) as [number, number];
        if (
          taps(
            { ...attrs, scale, ...(attrs.coordinates === "align-corners" ? { output: out } : {}) },
            axis,
            o,
          )[0]![0] !== here
        )
          return false;
      }
    }
    return true;
  });
}

const powerOfTwo = (x: number): boolean => Number.isInteger(Math.log2(x));
const exact = (attrs: ResizeAttrs): boolean => attrs.coordinates !== "align-corners" && attrs.scale.every(powerOfTwo);

function casesOf(op: Name): Case<ResizeAttrs>[] {
  const both = coordinates.flatMap((rule) =>
    sizes.flatMap(([input, output]) => {
      const name = `${rule}/${input.join("x")}-to-${output.join("x")}`;
      return [
        one(op, `linear/${name}`, { input, output, mode: "linear", coordinates: rule }, uniform, ["geometry", "grad"]),
        ...roundings.map((nearest) =>
          one(
            op,
            `nearest/${nearest}/${name}`,
            { input, output, mode: "nearest", coordinates: rule, nearest },
            uniform,
            ["geometry", "grad"],
          ),
        ),
      ];
    }),
  );
  const up: Given = { input: [3, 4], output: [6, 8], mode: "linear", coordinates: "half-pixel" };
  return [
    ...both.filter(({ attrs }) => exact(attrs) || steady(attrs)),
    ...straddling.map((c) => one(op, `straddle/c${c}`, up, uniform, ["straddle"], 1, c)),
    ...straddling.map((c) =>
      one(
        op,
        `straddle/nearest-c${c}`,
        { ...up, mode: "nearest", coordinates: "asymmetric" },
        (shape) => integers(shape),
        ["straddle"],
        1,
        c,
      ),
    ),
    one(op, "batch", up, uniform, ["batch", "grad"], 3, 2),
    one(op, "memory", up, uniform, ["memory"], 2, 5),
    one(op, "scale", { ...up, output: [5, 7], coordinates: "asymmetric", scale: [2, 2] }, uniform, [
      "geometry",
      "grad",
    ]),
    one(op, "f16", up, (shape) => as(uniform(shape), "f16"), ["dtype"]),
    one(
      op,
      "nan",
      { ...up, mode: "nearest", coordinates: "asymmetric" },
      (shape) => given(shape, [1, NaN, 2, -1, Infinity]),
      ["nan"],
      1,
      1,
    ),
  ];
}

function kit(op: Name, direction: "forward" | "back"): OpKit<ResizeAttrs> {
  const line: Given = { input: [1, 2], output: [1, 4], mode: "linear", coordinates: "half-pixel" };
  const golden: Case<ResizeAttrs>[] =
    op === "resize2d"
      ? [
          {
            ...one(op, "golden-linear", line, (shape) => given(shape, [0, 4]), ["golden"], 1, 1),
            expect: [0, 1, 3, 4],
          },
          {
            ...one(
              op,
              "golden-align",
              { ...line, coordinates: "align-corners" },
              (shape) => given(shape, [0, 3]),
              ["golden"],
              1,
              1,
            ),
            expect: [0, 1, 2, 3],
          },
          {
            ...one(
              op,
              "golden-nearest",
              { ...line, mode: "nearest", coordinates: "asymmetric" },
              (shape) => given(shape, [5, 7]),
              ["golden"],
              1,
              1,
            ),
            expect: [5, 5, 7, 7],
          },
        ]
      : [
          {
            ...one(op, "golden-linear", line, (shape) => given(shape, [1, 10, 100, 1000]), ["golden"], 1, 1),
            expect: [1 + 7.5 + 25, 2.5 + 75 + 1000],
          },
        ];
  return {
    meaning: (inputs, attrs) => sums(direction, inputs, attrs),
    cases: () => [...golden, ...casesOf(op)],
    random(from) {
      const attrs = steadyAttrs(from);
      return {
        attrs,
        inputs: [uniform([from.whole(1, 2), ...(op === "resize2d" ? attrs.input : attrs.output), from.whole(1, 6)])],
        tags: ["random", "grad"],
      };
    },
  };
}

function steadyAttrs(from: Rng): ResizeAttrs {
  for (;;) {
    const pair = (): Pair => [from.whole(1, 9), from.whole(1, 9)];
    const attrs = attrsOf({
      input: pair(),
      output: pair(),
      mode: from.pick(["nearest", "linear"]),
      coordinates: from.pick(coordinates),
      nearest: from.pick(roundings),
    });
    const settled = attrs.mode === "linear" ? { ...attrs, nearest: "floor" as const } : attrs;
    if (exact(settled) || steady(settled)) return settled;
  }
}

export const resize2dKit: OpKit<ResizeAttrs> = kit("resize2d", "forward");
export const resize2dGradKit: OpKit<ResizeAttrs> = kit("resize2dGrad", "back");
