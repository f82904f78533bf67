/** Pooling and its gradients: the window's maximum (first wins, NaN is sticky, padding is never chosen) or its mean. */
import type { PoolAttrs } from "@tatamijs/core";
import { as, distinct, given, integers, put, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { everyWindowSeesTheMap, geometryOf, randomWindows, type WindowCase } from "../windows.ts";
import type { Value } from "../value.ts";

/** Visits every window of every channel: the positions of its elements in x, and how many elements a mean divides by. */
function eachWindow(
  N: number,
  C: number,
  attrs: PoolAttrs,
  visit: (output: number, elements: readonly number[], divisor: number) => void,
): void {
  const [H, W] = attrs.input;
  const [top, left, bottom, right] = attrs.padding;
  for (let n = 0, output = 0; n < N; n++)
    for (let oy = 0; oy < attrs.output[0]; oy++)
      for (let ox = 0; ox < attrs.output[1]; ox++)
        for (let c = 0; c < C; c++, output++) {
          const elements: number[] = [];
          let padded = 0;
          for (let fy = 0; fy < attrs.kernel[0]; fy++)
            for (let fx = 0; fx < attrs.kernel[1]; fx++) {
              const iy = oy * attrs.stride[0] + fy * attrs.dilation[0] - top;
              const ix = ox * attrs.stride[1] + fx * attrs.dilation[1] - left;
              if (iy >= 0 && iy < H && ix >= 0 && ix < W) elements.push(((n * H + iy) * W + ix) * C + c);
              else if (iy < H + bottom && ix < W + right) padded++;
            }
          visit(output, elements, elements.length + (attrs.countIncludePad ? padded : 0));
        }
}

/** Place of the maximum in a window: the first one; the first NaN, if there is any. */
function winner(x: Value, elements: readonly number[]): number {
  const nan = elements.find((at) => Number.isNaN(x.data[at]!));
  if (nan !== undefined) return nan;
  return elements.reduce((best, at) => (x.data[at]! > x.data[best]! ? at : best));
}

export function poolMeaning([x]: readonly Value[], attrs: PoolAttrs): Meaning {
  const [N, , , C] = x!.shape as [number, number, number, number];
  const shape = [N, ...attrs.output, C];
  const values = new Float64Array(N * attrs.output[0] * attrs.output[1] * C);
  const error = new Float64Array(values.length);
  eachWindow(N, C, attrs, (output, elements, divisor) => {
    if (attrs.fn === "max") {
      values[output] = x!.data[winner(x!, elements)]!;
      return;
    }
    const sum = elements.reduce((total, at) => total + x!.data[at]!, 0);
    const size = elements.reduce((total, at) => total + Math.abs(x!.data[at]!), 0);
    values[output] = sum / divisor;
    error[output] = (size / divisor) * sumUlps(elements.length) + 5 * Math.abs(sum / divisor);
  });
  return attrs.fn === "max" ? { shape, dtype: x!.dtype, values } : { shape, dtype: x!.dtype, values, error };
}

function poolGradMeaning([dy, x]: readonly Value[], attrs: PoolAttrs): Meaning {
  const [N, , , C] = dy!.shape as [number, number, number, number];
  const shape = [N, ...attrs.input, C];
  const values = new Float64Array(N * attrs.input[0] * attrs.input[1] * C);
  const size = new Float64Array(values.length);
  const terms = new Float64Array(values.length);
  eachWindow(N, C, attrs, (output, elements, divisor) => {
    const share = attrs.fn === "max" ? dy!.data[output]! : dy!.data[output]! / divisor;
    for (const at of attrs.fn === "max" ? [winner(x!, elements)] : elements) {
      values[at]! += share;
      size[at]! += Math.abs(share);
      terms[at]!++;
    }
  });
  const error = size.map((s, i) => s * (sumUlps(terms[i]!) + (attrs.fn === "avg" ? 5 : 0)));
  return { shape, dtype: dy!.dtype, values, error, ...(attrs.fn === "max" ? { size } : {}) };
}

interface PoolCase extends WindowCase {
  readonly n?: number;
  readonly c: number;
}

type Fn = PoolAttrs["fn"];
type Name = "pool2d" | "pool2dGrad";

const geometries: readonly (readonly [string, PoolCase])[] = [
  ...straddling.map((size) => [`straddle/c${size}`, { h: 6, w: 6, c: size, f: 2, s: 2 }] as const),
  ...straddling.map(
    (size) => [`straddle/h${size}`, { h: size, w: size + 1, c: 3, f: [Math.min(size, 3), 2], s: 1 }] as const,
  ),
  ...[1, 2, 3, 4].flatMap((f) => [1, 2, 3].map((s) => [`geometry/f${f}-s${s}`, { h: 9, w: 8, c: 2, f, s }] as const)),
  ...[1, 2].map((s) => [`geometry/f3-s${s}-p1`, { h: 7, w: 8, c: 3, f: 3, s, p: 1 }] as const),
  ...(["floor", "ceil"] as const).map(
    (rounding) => [`geometry/f3-s2-${rounding}`, { h: 8, w: 10, c: 2, f: 3, s: 2, rounding }] as const,
  ),
  ["geometry/f3-s2-p1-ceil", { h: 8, w: 9, c: 2, f: 3, s: 2, p: 1, rounding: "ceil" }],
  ["geometry/f2-s3-ceil", { h: 8, w: 9, c: 2, f: 2, s: 3, rounding: "ceil" }],
  ["geometry/f5-s4-p2-ceil", { h: 10, w: 12, c: 2, f: 5, s: 4, p: 2, rounding: "ceil" }],
  ["geometry/f2x3", { h: 8, w: 9, c: 3, f: [2, 3], s: [2, 3] }],
  ["geometry/f3x1", { h: 8, w: 9, c: 3, f: [3, 1], s: [1, 2] }],
  ["geometry/pads", { h: 7, w: 7, c: 3, f: 3, s: 2, p: [0, 1, 1, 0] }],
  ["geometry/dilated", { h: 9, w: 9, c: 3, f: 3, s: 1, d: 2 }],
  ["geometry/dilated-padded", { h: 9, w: 9, c: 3, f: 2, s: 2, d: 3, p: 1 }],
  ["geometry/whole-map", { h: 6, w: 7, c: 5, f: [6, 7], s: 1 }],
  ["geometry/one", { h: 1, w: 1, c: 5, f: 1, s: 1 }],
  ["batch/n3", { n: 3, h: 5, w: 6, c: 4, f: 2, s: 2 }],
  ["batch/n2-overlapping", { n: 2, h: 7, w: 7, c: 4, f: 3, s: 2, p: 1 }],
];

function attrsOf(fn: Fn, c: WindowCase, countIncludePad: boolean): PoolAttrs {
  const geometry = geometryOf(c);
  if (geometry === undefined || !everyWindowSeesTheMap(geometry))
    throw new Error(`a case of the kit has no window: ${JSON.stringify(c)}`);
  return { ...geometry, fn, countIncludePad: fn === "avg" && countIncludePad };
}

type Make = (shape: readonly number[]) => Operand;

/** x, and for the gradient dy before it. */
function operands(op: Name, attrs: PoolAttrs, n: number, c: number, make: Make): Operand[] {
  const x = make([n, ...attrs.input, c]);
  if (op === "pool2d") return [x];
  const dy = { ...uniform([n, ...attrs.output, c]), dtype: x.dtype };
  return attrs.fn === "max" ? [dy, x] : [dy];
}

function one(
  op: Name,
  fn: Fn,
  name: string,
  c: PoolCase,
  make: Make,
  tags: readonly Tag[],
  include = true,
): Case<PoolAttrs> {
  const attrs = attrsOf(fn, c, include);
  return { id: `${op}/${fn}/${name}`, op, attrs, inputs: operands(op, attrs, c.n ?? 1, c.c, make), tags };
}

function casesOf(op: Name, fn: Fn): Case<PoolAttrs>[] {
  // The gradient of max pooling has no gradient of its own.
  const grad: Tag[] = op === "pool2dGrad" && fn === "max" ? [] : ["grad"];
  const make: Make = fn === "max" ? distinct : uniform;
  const plain: PoolCase = { h: 5, w: 5, c: 2, f: 3, s: 1 };
  return [
    ...geometries.map(([name, c]) => one(op, fn, name, c, make, [name.split("/")[0] as Tag, ...grad])),
    ...(fn === "avg"
      ? geometries
          .filter(([, c]) => c.p !== undefined || c.rounding !== undefined)
          .map(([name, c]) => one(op, fn, `${name}-exclude-pad`, c, make, ["geometry", ...grad], false))
      : []),
    one(op, fn, "ties", { h: 6, w: 6, c: 3, f: 3, s: 1, p: 1 }, (shape) => integers(shape, 0, 1), ["ties"]),
    one(op, fn, "negative-in-padding", { h: 4, w: 4, c: 2, f: 3, s: 2, p: 1 }, (shape) => uniform(shape, -9, -1), [
      "geometry",
    ]),
    one(op, fn, "f16", { ...plain, c: 5 }, (shape) => as(uniform(shape), "f16"), ["dtype"]),
    one(op, fn, "memory", { n: 2, h: 8, w: 6, c: 5, f: 2, s: 2 }, make, ["memory"]),
    // In a 3 × 3 window over the middle of a 5 × 5 map: its first, middle and last element, and the map's corners.
    ...(
      [
        ["first", 12],
        ["middle", 24],
        ["last", 36],
        ["corner", 0],
        ["end", 49],
      ] as const
    ).map(([name, at]) => one(op, fn, `nan-${name}`, plain, (shape) => put(uniform(shape), [at, NaN]), ["nan"])),
    one(op, fn, "infinity", plain, (shape) => put(uniform(shape), [24, Infinity]), ["infinity"]),
    one(op, fn, "minus-infinity-everywhere", plain, (shape) => given(shape, [-Infinity]), ["infinity"]),
    one(op, fn, "zeros", plain, (shape) => given(shape, [0, -0]), ["zero"]),
  ].filter(({ op: name, attrs, id }) => name === "pool2d" || attrs.fn === "max" || !/nan|infinity|zeros|ties/.test(id));
}

const hand: PoolCase = { h: 2, w: 3, c: 1, f: 2, s: 1 };
const six: Make = (shape) => given(shape, [1, 5, 2, 4, 5, 6]);

function kit(op: Name, meaning: OpKit<PoolAttrs>["meaning"]): OpKit<PoolAttrs> {
  const golden: readonly Case<PoolAttrs>[] =
    op === "pool2d"
      ? [
          { ...one(op, "max", "golden", hand, six, ["golden"]), expect: [5, 6] },
          { ...one(op, "avg", "golden", hand, six, ["golden"]), expect: [15 / 4, 18 / 4] },
          {
            ...one(
              op,
              "max",
              "golden-leading-nan",
              { h: 1, w: 4, c: 1, f: [1, 4], s: 1 },
              (shape) => given(shape, [NaN, -1, 2, 0]),
              ["golden", "nan"],
            ),
            expect: [NaN],
          },
          {
            ...one(
              op,
              "avg",
              "golden-include-pad",
              { h: 1, w: 2, c: 1, f: [1, 2], s: 1, p: [0, 1] },
              (shape) => given(shape, [2, 4]),
              ["golden"],
            ),
            expect: [1, 3, 2],
          },
          {
            ...one(
              op,
              "avg",
              "golden-exclude-pad",
              { h: 1, w: 2, c: 1, f: [1, 2], s: 1, p: [0, 1] },
              (shape) => given(shape, [2, 4]),
              ["golden"],
              false,
            ),
            expect: [2, 3, 4],
          },
          // The window that sticks out divides by 1: what "ceil" adds is no padding.
          {
            ...one(
              op,
              "avg",
              "golden-ceil",
              { h: 1, w: 3, c: 1, f: [1, 2], s: 2, rounding: "ceil" },
              (shape) => given(shape, [2, 4, 7]),
              ["golden"],
            ),
            expect: [3, 7],
          },
        ]
      : [
          {
            ...one(op, "max", "golden-first-of-equals", hand, six, ["golden", "ties"]),
            inputs: [given([1, 1, 2, 1], [10, 20]), given([1, 2, 3, 1], [1, 5, 5, 4, 5, 5])],
            expect: [0, 30, 0, 0, 0, 0],
          },
        ];
  return {
    meaning,
    cases: () => [...golden, ...casesOf(op, "max"), ...casesOf(op, "avg")],
    random(from) {
      const fn = from.pick(["max", "avg"] as const);
      const geometry = randomWindows(from, from.pick([4, 9, 16]), true);
      const attrs: PoolAttrs = { ...geometry, fn, countIncludePad: fn === "avg" && from.chance(0.5) };
      const inputs = operands(op, attrs, from.whole(1, 2), from.whole(1, 9), fn === "max" ? distinct : uniform);
      return { attrs, inputs, tags: ["random", ...(op === "pool2dGrad" && fn === "max" ? [] : (["grad"] as const))] };
    },
  };
}

export const pool2dKit: OpKit<PoolAttrs> = kit("pool2d", poolMeaning);
export const pool2dGradKit: OpKit<PoolAttrs> = kit("pool2dGrad", poolGradMeaning);
