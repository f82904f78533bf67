/** x/2·(1 + erf(x/√2)). For negative x the sum cancels, so the bound goes by |x|/2·(1 + |erf|). */
import type { GeluAttrs } from "@tatamijs/core";
import { as, given, straddling, uniform } from "../fill.ts";
import { erf } from "../functions.ts";
import { perElement, type Case, type Operand, type OpKit, type Tag } from "../meaning.ts";

const one = (name: string, x: Operand, ...tags: Tag[]): Case<GeluAttrs> => ({
  id: `gelu/${name}`,
  op: "gelu",
  attrs: {},
  inputs: [x],
  tags,
});

export const geluKit: OpKit<GeluAttrs> = {
  meaning: ([x]) =>
    perElement(x!.shape, x!.dtype, (i) => {
      const a = x!.data[i]!;
      const e = erf(a / Math.SQRT2);
      return { value: (a / 2) * (1 + e), error: 14 * Math.abs(a / 2) * (1 + Math.abs(e)) };
    }),
  cases: () => [
    ...straddling.map((n) => one(`n${n}`, uniform([n], -4, 4), "straddle", "grad")),
    one("2x3x4", uniform([2, 3, 4], -3, 3), "geometry", "grad", "memory"),
    one("near-zero", given([4], [1e-6, -1e-4, 1e-3, 0.01]), "zero"),
    one("far", given([4], [-30, 30, -6, 6]), "geometry"),
    one("special", given([3], [NaN, 0, Infinity]), "nan", "infinity"),
    one("f16", as(uniform([17], -4, 4), "f16"), "dtype"),
    one("empty", uniform([0]), "empty"),
  ],
  random: (from) => ({
    attrs: {},
    inputs: [uniform([from.whole(1, 9), from.whole(1, 20)], -4, 4)],
    tags: ["random", "grad"],
  }),
};
