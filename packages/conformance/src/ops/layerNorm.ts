/** Each example brought to mean β and deviation γ over some axes. */
import type { LayerNormAttrs } from "@tatamijs/core";
import { groupBy } from "../group.ts";
import { as, given, put, straddling, uniform } from "../fill.ts";
import type { Case, OpKit, Tag } from "../meaning.ts";
import { normalised } from "../normal.ts";
import { position, walk } from "../value.ts";

function one(name: string, shape: readonly number[], axes: readonly number[], ...tags: Tag[]): Case<LayerNormAttrs> {
  const thin = shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  return {
    id: `layerNorm/${name}`,
    op: "layerNorm",
    attrs: { axes, epsilon: 1e-3 },
    inputs: [uniform(shape, -2, 3), uniform(thin, 0.5, 1.5), uniform(thin)],
    tags,
  };
}

export const layerNormKit: OpKit<LayerNormAttrs> = {
  meaning([x, gamma, beta], { axes, epsilon }) {
    const indices: { at: number; group: string; thin: number }[] = [];
    walk(x!.shape, (index, at) => {
      const group = index.filter((_, axis) => !axes.includes(axis)).join();
      indices.push({
        at,
        group,
        thin: position(
          gamma!.shape,
          index.map((i, axis) => (axes.includes(axis) ? i : 0)),
        ),
      });
    });
    const groups = [...groupBy(indices, ({ group }) => group).values()].map((list) => list.map(({ at }) => at));
    return normalised(
      x!,
      groups,
      epsilon,
      (at) => gamma!.data[indices[at]!.thin]!,
      (at) => beta!.data[indices[at]!.thin]!,
    );
  },
  cases: () => [
    ...straddling.map((n) => one(`last-n${n}`, [3, n], [1], "straddle", "grad")),
    ...straddling.map((n) => one(`rows-${n}`, [n, 6], [1], "straddle")),
    one("two-axes", [2, 3, 4], [1, 2], "geometry", "grad"),
    one("three-axes", [2, 3, 4, 2], [1, 2, 3], "geometry", "grad"),
    one("first", [5, 4], [0], "geometry", "grad"),
    one("middle", [2, 5, 3], [1], "geometry", "grad"),
    one("all", [3, 4], [0, 1], "geometry", "grad"),
    one("memory", [4, 33], [1], "memory"),
    one("no-rows", [0, 4], [1], "empty"),
    {
      ...one("constant-lines", [2, 4], [1], "zero"),
      inputs: [given([2, 4], [3, 3, 3, 3, -5, -5, -5, -5]), uniform([1, 4]), uniform([1, 4])],
    },
    {
      ...one("large-mean", [2, 6], [1], "geometry"),
      inputs: [uniform([2, 6], 1000, 1001), uniform([1, 6]), uniform([1, 6])],
    },
    { ...one("nan", [3, 4], [1], "nan"), inputs: [put(uniform([3, 4]), [5, NaN]), uniform([1, 4]), uniform([1, 4])] },
    { ...one("f16", [3, 6], [1], "dtype"), inputs: one("f16", [3, 6], [1]).inputs.map((x) => as(x, "f16")) },
    {
      ...one("golden", [1, 2], [1], "golden"),
      attrs: { axes: [1], epsilon: 0 },
      inputs: [given([1, 2], [1, 5]), given([1, 2], [2, 3]), given([1, 2], [10, 20])],
      expect: [8, 23],
    },
  ],
  random(from) {
    const shape = Array.from({ length: from.whole(1, 4) }, () => from.whole(2, 7));
    const lead = from.whole(0, shape.length - 1);
    const { attrs, inputs } = one(
      "random",
      shape,
      shape.flatMap((_, axis) => (axis >= lead ? [axis] : [])),
    );
    return { attrs, inputs, tags: ["random", "grad"] };
  },
};
