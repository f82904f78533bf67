/** The counter hash, in BigInt so that no 32-bit trick of the kernels is repeated here. Bit-equal or wrong. */
import type { RandomAttrs } from "@tatamijs/core";
import { given, straddling } from "../fill.ts";
import type { Case, OpKit, Tag } from "../meaning.ts";
import { count } from "../value.ts";

const word = (x: bigint): bigint => BigInt.asUintN(32, x);

function mix(given: bigint): bigint {
  let h = word(given);
  h ^= h >> 16n;
  h = word(h * 0x21f0aaadn);
  h ^= h >> 15n;
  h = word(h * 0x735a2d97n);
  return h ^ (h >> 15n);
}

function fixed(
  name: string,
  shape: readonly number[],
  seed: number,
  stream: number,
  counter: number,
  ...tags: Tag[]
): Case<RandomAttrs> {
  return {
    id: `random/fixed/${name}`,
    op: "random",
    attrs: { seed, stream, shape },
    inputs: [given([1], [counter], "i32")],
    tags,
  };
}

const golden = 0x9e3779b9n;

export const randomKit: OpKit<RandomAttrs> = {
  meaning([counter], { seed, stream, shape }) {
    const key = mix(mix(mix(BigInt(seed) + golden) + BigInt(stream)) + BigInt(counter!.data[0]!));
    const values = Float64Array.from(
      { length: count(shape) },
      (_, i) => Number(mix(key ^ mix(BigInt(i) + golden)) >> 8n) / 2 ** 24,
    );
    return { shape, dtype: "f32", values };
  },
  cases: () => [
    ...straddling.map((n) => fixed(`n${n}`, [n], 1, 2, 3, "straddle")),
    fixed("2x3x4x5", [2, 3, 4, 5], 7, 0, 0, "geometry", "memory"),
    fixed("rank-0", [], 7, 1, 1, "geometry"),
    fixed("empty", [0, 3], 7, 1, 1, "empty"),
    fixed("large-seed", [9], 2 ** 32 - 1, 2 ** 32 - 1, 5, "geometry"),
    fixed("negative-counter", [9], 3, 1, -1, "geometry"),
    fixed("last-counter", [9], 3, 1, 2 ** 31 - 1, "geometry"),
    fixed("first-counter", [9], 3, 1, -(2 ** 31), "geometry"),
    fixed("long", [70_000], 11, 4, 9, "geometry"),
  ],
  random: (from) => ({
    attrs: {
      seed: from.whole(0, 2 ** 32 - 1),
      stream: from.whole(0, 2 ** 32 - 1),
      shape: [from.whole(1, 9), from.whole(1, 9)],
    },
    inputs: [given([1], [from.whole(-(2 ** 31), 2 ** 31 - 1)], "i32")],
    tags: ["random"],
  }),
};
