/** x·σ(x). */
import type { SiluAttrs } from "@tatamijs/core";
import { activated } from "../activations.ts";
import { as, given, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";

const one = (name: string, x: Operand, ...tags: Tag[]): Case<SiluAttrs> => ({
  id: `silu/${name}`,
  op: "silu",
  attrs: {},
  inputs: [x],
  tags,
});

export const siluKit: OpKit<SiluAttrs> = {
  meaning: ([x]) => activated({ shape: x!.shape, dtype: x!.dtype, values: x!.data }, "silu"),
  cases: () => [
    ...straddling.map((n) => one(`n${n}`, uniform([n], -6, 6), "straddle", "grad")),
    one("2x3x4", uniform([2, 3, 4], -3, 3), "geometry", "grad", "memory"),
    one("near-zero", given([4], [1e-6, -1e-4, 1e-3, 0.01]), "zero"),
    one("far", given([4], [-80, 80, -30, 30]), "geometry"),
    one("special", given([3], [NaN, 0, Infinity]), "nan", "infinity"),
    one("f16", as(uniform([17], -6, 6), "f16"), "dtype"),
    one("empty", uniform([0]), "empty"),
  ],
  random: (from) => ({
    attrs: {},
    inputs: [uniform([from.whole(1, 9), from.whole(1, 20)], -6, 6)],
    tags: ["random", "grad"],
  }),
};
