/** Channels in groups, each brought to mean 0 and deviation 1 per example, then scaled by channel. */
import type { GroupNormAttrs } from "@tatamijs/core";
import { groupBy } from "../group.ts";
import { as, given, put, straddling, uniform } from "../fill.ts";
import type { Case, OpKit, Tag } from "../meaning.ts";
import { normalised } from "../normal.ts";
import { walk } from "../value.ts";

function one(
  name: string,
  shape: readonly number[],
  groups: number,
  axis: number,
  batch: number,
  ...tags: Tag[]
): Case<GroupNormAttrs> {
  const C = shape[axis]!;
  return {
    id: `groupNorm/${name}`,
    op: "groupNorm",
    attrs: { groups, axis, batch, epsilon: 1e-3 },
    inputs: [uniform(shape, -2, 3), uniform([C], 0.5, 1.5), uniform([C])],
    tags,
  };
}

export const groupNormKit: OpKit<GroupNormAttrs> = {
  meaning([x, gamma, beta], { groups, axis, batch, epsilon }) {
    const perGroup = x!.shape[axis]! / groups;
    const places: { at: number; group: string; channel: number }[] = [];
    walk(x!.shape, (index, at) =>
      places.push({ at, group: `${index[batch]},${Math.floor(index[axis]! / perGroup)}`, channel: index[axis]! }),
    );
    const lists = [...groupBy(places, ({ group }) => group).values()].map((list) => list.map(({ at }) => at));
    return normalised(
      x!,
      lists,
      epsilon,
      (at) => gamma!.data[places[at]!.channel]!,
      (at) => beta!.data[places[at]!.channel]!,
    );
  },
  cases: () => [
    ...straddling.map((c) => one(`per-channel-c${c}`, [2, 3, 2, c], c, 3, 0, "straddle", "grad")),
    ...straddling.map((c) => one(`one-group-c${c}`, [2, 3, 2, c], 1, 3, 0, "straddle")),
    ...[2, 3, 4, 6].map((g) => one(`g${g}`, [2, 3, 3, 12], g, 3, 0, "groups", "grad")),
    one("nchw", [2, 6, 3, 4], 3, 1, 0, "geometry", "grad"),
    one("batch-last", [6, 3, 2], 2, 0, 2, "geometry", "grad"),
    one("vectors", [3, 8], 2, 1, 0, "geometry", "grad"),
    one("memory", [2, 5, 5, 8], 4, 3, 0, "memory"),
    {
      ...one("nan", [2, 3, 4], 2, 2, 0, "nan"),
      inputs: [put(uniform([2, 3, 4]), [5, NaN]), uniform([4]), uniform([4])],
    },
    {
      ...one("f16", [2, 3, 4], 2, 2, 0, "dtype"),
      inputs: one("f16", [2, 3, 4], 2, 2, 0).inputs.map((x) => as(x, "f16")),
    },
    {
      ...one("golden", [1, 4], 2, 1, 0, "golden"),
      attrs: { groups: 2, axis: 1, batch: 0, epsilon: 0 },
      inputs: [given([1, 4], [1, 5, 10, 30]), given([4], [1, 2, 3, 4]), given([4], [0, 0, 1, 1])],
      expect: [-1, 2, -2, 5],
    },
  ],
  random(from) {
    const groups = from.whole(1, 4);
    const { attrs, inputs } = one(
      "random",
      [from.whole(1, 3), from.whole(1, 4), from.whole(1, 4), groups * from.whole(1, 4)],
      groups,
      3,
      0,
    );
    return { attrs, inputs, tags: ["random", "grad"] };
  },
};
