/** Products of matrices over the last two axes, read turned where attrs say so, outer axes broadcast. */
import type { MatmulAttrs } from "@tatamijs/core";
import { as, given, integers, put, straddling, uniform } from "../fill.ts";
import { sumUlps, type Case, type Meaning, type Operand, type OpKit, type Tag } from "../meaning.ts";
import { count, spread, walk, type Value } from "../value.ts";

/** The element at [...outer, row, column] of an operand that may be turned and may be broadcast. */
function reader(x: Value, turned: boolean): (outer: readonly number[], row: number, column: number) => number {
  const lead = x.shape.slice(0, -2);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return (outer, row, column) => {
    let at = 0;
    lead.forEach((size, axis) => (at = at * size + (size === 1 ? 0 : outer[axis]!)));
    const [r, c] = turned ? [column, row] : [row, column];
    return x.data[(at * rows + r) * columns + c]!;
  };
}

export function matmulMeaning([a, b]: readonly Value[], { ta, tb }: MatmulAttrs): Meaning {
  const outer = spread(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  const m = a!.shape.at(ta ? -1 : -2)!;
  const k = a!.shape.at(ta ? -2 : -1)!;
  const n = b!.shape.at(tb ? -2 : -1)!;
  const shape = [...outer, m, n];
  const values = new Float64Array(count(shape));
  const size = new Float64Array(values.length);
  const [left, right] = [reader(a!, ta), reader(b!, tb)];
  walk(outer, (index, block) => {
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        const at = (block * m + i) * n + j;
        for (let l = 0; l < k; l++) {
          const product = left(index, i, l) * right(index, l, j);
          values[at]! += product;
          size[at]! += Math.abs(product);
        }
      }
  });
  const ulps = sumUlps(k);
  return { shape, dtype: a!.dtype, values, size, error: size.map((s) => s * ulps) };
}

type Make = (shape: readonly number[]) => Operand;
const whole: Make = (shape) => integers(shape);

function one(
  name: string,
  m: number,
  k: number,
  n: number,
  make: Make,
  tags: readonly Tag[],
  ta = false,
  tb = false,
  outer: readonly [readonly number[], readonly number[]] = [[], []],
): Case<MatmulAttrs> {
  const a = [...outer[0], ...(ta ? [k, m] : [m, k])];
  const b = [...outer[1], ...(tb ? [n, k] : [k, n])];
  return {
    id: `matmul/${name}${ta ? "-ta" : ""}${tb ? "-tb" : ""}`,
    op: "matmul",
    attrs: { ta, tb },
    inputs: [make(a), make(b)],
    tags,
  };
}

const sides: readonly (readonly [boolean, boolean])[] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];
const outers: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ["batch", [3], [3]],
  ["one-left", [1], [3]],
  ["one-right", [3], [1]],
  ["crossed", [2, 1], [1, 3]],
  ["deep", [2, 3], [2, 3]],
  ["none", [0], [1]],
];

export const matmulKit: OpKit<MatmulAttrs> = {
  meaning: matmulMeaning,
  cases: () => [
    ...sides.flatMap(([ta, tb]) => [
      ...straddling.map((size) =>
        one(`straddle/m${size}`, size, 7, 5, size % 2 === 0 ? whole : uniform, ["straddle", "grad"], ta, tb),
      ),
      ...straddling.map((size) =>
        one(`straddle/k${size}`, 5, size, 6, size % 2 === 0 ? uniform : whole, ["straddle"], ta, tb),
      ),
      ...straddling.map((size) =>
        one(`straddle/n${size}`, 3, 5, size, size % 2 === 0 ? whole : uniform, ["straddle"], ta, tb),
      ),
      ...straddling.map((size) => one(`straddle/all${size}`, size, size, size, uniform, ["straddle"], ta, tb)),
      ...outers.map(([name, a, b]) =>
        one(
          `broadcast/${name}`,
          3,
          4,
          5,
          uniform,
          ["broadcast", ...(name === "none" ? (["empty"] as const) : (["grad"] as const))],
          ta,
          tb,
          [a, b],
        ),
      ),
      one("memory", 9, 17, 13, uniform, ["memory"], ta, tb),
      one("f16", 5, 9, 6, (shape) => as(uniform(shape), "f16"), ["dtype"], ta, tb),
      one("f16-whole", 5, 9, 6, (shape) => as(integers(shape, -3, 3), "f16"), ["dtype"], ta, tb),
    ]),
    one("row/wide", 1, 40, 70, uniform, ["geometry"]),
    one("row/turned", 1, 40, 70, uniform, ["geometry"], false, true),
    one("column/tall", 70, 40, 1, uniform, ["geometry"]),
    one("large/64-128-256", 64, 128, 256, uniform, ["large"]),
    one("large/70-65-130", 70, 65, 130, whole, ["large"]),
    one("large/33-512-36", 33, 512, 36, uniform, ["large"], false, true),
    one("large/1-300-1000", 1, 300, 1000, uniform, ["large"]),
    one("large/1-40-70", 1, 40, 70, whole, ["large"], false, true),
    one("large/ones", 1, 20, 35, uniform, ["large"], false, true, [[3], [3]]),
    one("inner/long", 2, 2000, 3, uniform, ["geometry"]),
    one("inner/longest", 5, 70_000, 5, uniform, ["geometry"]),
    one("inner/none", 3, 0, 2, uniform, ["empty"]),
    one("rows/none", 0, 3, 2, uniform, ["empty"]),
    one("zeros", 4, 5, 3, (shape) => given(shape, [0]), ["zero"]),
    one("large-numbers", 6, 9, 5, (shape) => integers(shape, -1000, 1000), ["geometry"]),
    one("wide-range", 6, 9, 5, (shape) => uniform(shape, 1e-4, 1e4), ["geometry"]),
    ...[0, 10, 19].flatMap((at) =>
      (
        [
          ["nan", NaN],
          ["infinity", Infinity],
        ] as const
      ).map(([tag, x]) => ({
        ...one(`${tag}-at-${at}`, 4, 5, 3, (shape) => uniform(shape, 0.5, 1), [tag]),
        inputs: [put(uniform([4, 5]), [at, x]), uniform([5, 3], 0.5, 1)],
      })),
    ),
    { ...one("golden", 2, 2, 2, (shape) => given(shape, [1, 2, 3, 4]), ["golden"]), expect: [7, 10, 15, 22] },
    { ...one("golden", 2, 2, 2, (shape) => given(shape, [1, 2, 3, 4]), ["golden"], true), expect: [10, 14, 14, 20] },
    {
      ...one("golden", 2, 2, 2, (shape) => given(shape, [1, 2, 3, 4]), ["golden"], false, true),
      expect: [5, 11, 11, 25],
    },
  ],
  random(from) {
    const [m, k, n] = [from.whole(1, 40), from.whole(1, 40), from.whole(1, 40)];
    const outer = Array.from({ length: from.whole(0, 2) }, () => from.whole(1, 3));
    const thin = (): number[] => outer.map((size) => (from.chance(0.25) ? 1 : size));
    const made = one(
      "random",
      m,
      k,
      n,
      from.pick([whole, uniform]),
      ["random", "grad"],
      from.chance(0.4),
      from.chance(0.4),
      [thin(), thin()],
    );
    return { attrs: made.attrs, inputs: made.inputs, tags: made.tags };
  },
};
