/** Between element types: every pair, the numbers that do not fit, and rounding to f16 by hand. */
import type { CastAttrs, DType } from "@tatamijs/core";
import { as, given, integers, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";

const dtypes: readonly DType[] = ["f32", "f16", "i32", "u8", "bool"];

/** To a whole type: toward zero, NaN is 0, what does not fit is the nearest that does. */
function saturated(x: number, low: number, high: number): number {
  if (Number.isNaN(x)) return 0;
  if (x <= low) return low;
  if (x >= high) return high;
  return x < 0 ? Math.ceil(x) + 0 : Math.floor(x);
}

function one(name: string, dtype: DType, x: Operand, ...tags: Tag[]): Case<CastAttrs> {
  return { id: `cast/${x.dtype}-to-${dtype}/${name}`, op: "cast", attrs: { dtype }, inputs: [x], tags };
}

const edges: Readonly<Record<DType, readonly number[]>> = {
  f32: [
    0,
    -0,
    0.5,
    -0.5,
    0.999,
    -0.999,
    1.5,
    -1.5,
    254.9,
    255,
    255.5,
    256,
    -1,
    3e9,
    -3e9,
    2147483520,
    -2147483648,
    1e38,
    NaN,
    Infinity,
    -Infinity,
    2049,
    65504,
    65519,
    65520,
    1e-8,
  ],
  f16: [
    0,
    -0,
    0.5,
    -0.5,
    1.5,
    -1.5,
    254.5,
    255.5,
    256,
    -1,
    2049,
    65504,
    -65504,
    NaN,
    Infinity,
    -Infinity,
    2 ** -14,
    2 ** -10,
  ],
  i32: [0, 1, -1, 255, 256, -255, 65535, 2049, 16777217, -16777219, 2 ** 31 - 1, -(2 ** 31)],
  u8: [0, 1, 2, 127, 128, 255],
  bool: [0, 1],
};

const rangeOf = (dtype: DType): readonly [number, number] =>
  dtype === "bool" ? [0, 1] : dtype === "u8" ? [0, 255] : [-300, 300];

export const castKit: OpKit<CastAttrs> = {
  meaning([x], { dtype }) {
    const f = {
      f32: (v: number) => v,
      f16: (v: number) => v,
      i32: (v: number) => saturated(v, -(2 ** 31), 2 ** 31 - 1),
      u8: (v: number) => saturated(v, 0, 255),
      bool: (v: number) => (v === 0 ? 0 : 1),
    }[dtype];
    return { shape: x!.shape, dtype, values: x!.data.map(f) };
  },
  cases: () => [
    ...dtypes.flatMap((from) =>
      dtypes.flatMap((to) => [
        one("edges", to, given([edges[from].length], edges[from], from), "dtype"),
        one("whole", to, as(integers([5, 7], ...rangeOf(from)), from), "dtype", "memory"),
        ...(from === "f32" || from === "f16"
          ? [one("fractions", to, as(uniform([5, 7], -300, 300), from), "dtype")]
          : []),
      ]),
    ),
    ...straddling.map((n) => one(`n${n}`, "i32", uniform([n], -9, 9), "straddle")),
    ...straddling.map((n) => one(`n${n}`, "f32", as(integers([n], 0, 255), "u8"), "straddle")),
    one("empty", "i32", uniform([0, 4]), "empty"),
    {
      ...one("golden", "i32", given([6], [1.9, -1.9, NaN, 3e9, -3e9, 0.4]), "golden"),
      expect: [1, -1, 0, 2 ** 31 - 1, -(2 ** 31), 0],
    },
    { ...one("golden", "u8", given([5], [-3, 2.7, 255.9, 300, NaN]), "golden"), expect: [0, 2, 255, 255, 0] },
    { ...one("golden", "bool", given([5], [0, -0, 0.1, NaN, -2]), "golden"), expect: [0, 0, 1, 1, 1] },
    {
      ...one("golden", "f16", given([4], [2049, 2051, 65519, 65520]), "golden"),
      expect: [2048, 2052, 65504, Infinity],
    },
  ],
  random(from) {
    const [source, dtype] = [
      from.pick(dtypes.filter((d) => d !== "f16")),
      from.pick(dtypes.filter((d) => d !== "f16")),
    ];
    const shape = Array.from({ length: from.whole(0, 3) }, () => from.whole(1, 9));
    return {
      attrs: { dtype },
      inputs: [as(source === "f32" ? uniform(shape, -400, 400) : integers(shape, ...rangeOf(source)), source)],
      tags: ["random"],
    };
  },
};
