/** Losses by row, against classes (outside ones are ignored) or probabilities, smoothed or not. */
import type { CrossEntropyAttrs } from "@tatamijs/core";
import { as, given, integers, put, straddling, uniform } from "../fill.ts";
import { logShares } from "../lines.ts";
import { sumUlps, type Case, type Operand, type OpKit, type Tag } from "../meaning.ts";

function one(
  name: string,
  logits: Operand,
  targets: Operand,
  smoothing: number,
  ...tags: Tag[]
): Case<CrossEntropyAttrs> {
  return { id: `crossEntropy/${name}`, op: "crossEntropy", attrs: { smoothing }, inputs: [logits, targets], tags };
}

const logits = (n: number, k: number): Operand => uniform([n, k], -4, 4);
const classes = (n: number, k: number): Operand => as(integers([n], 0, k - 1), "i32");
const shares = (n: number, k: number): Operand => uniform([n, k], 0, 2 / k);

export const crossEntropyKit: OpKit<CrossEntropyAttrs> = {
  meaning([x, targets], { smoothing }) {
    const [N, K] = x!.shape as [number, number];
    const { logs, error: off } = logShares(x!, 1, sumUlps);
    const values = new Float64Array(N);
    const error = new Float64Array(N);
    for (let n = 0; n < N; n++) {
      const byClass = targets!.dtype === "i32";
      const target = byClass ? targets!.data[n]! : 0;
      if (byClass && (target < 0 || target >= K)) continue;
      for (let k = 0; k < K; k++) {
        const p = byClass ? Number(k === target) : targets!.data[n * K + k]!;
        const q = (1 - smoothing) * p + smoothing / K;
        // A class of share 0 takes no part, even where its logarithm is −∞.
        if (q === 0 && byClass) continue;
        values[n]! -= q * logs[n * K + k]!;
        error[n]! += q * off[n * K + k]! + Math.abs(q * logs[n * K + k]!) * (sumUlps(K) + 6);
      }
    }
    return { shape: [N], dtype: x!.dtype, values, error };
  },
  cases: () => [
    ...straddling.flatMap((k) => [
      one(`classes/k${k}`, logits(4, k), classes(4, k), 0, "straddle", "grad"),
      one(`shares/k${k}`, logits(4, k), shares(4, k), 0, "straddle", "grad"),
    ]),
    ...straddling.map((n) => one(`classes/n${n}`, logits(n, 10), classes(n, 10), 0.1, "straddle", "grad")),
    ...[0.1, 0.5].flatMap((s) => [
      one(`classes/smoothing-${s}`, logits(5, 7), classes(5, 7), s, "geometry", "grad"),
      one(`shares/smoothing-${s}`, logits(5, 7), shares(5, 7), s, "geometry", "grad"),
    ]),
    ...[0, 0.2].map((s) =>
      one(`classes/ignored-${s}`, logits(5, 4), given([5], [0, -100, 3, 4, -1], "i32"), s, "geometry", "grad"),
    ),
    one("classes/confident", given([2, 3], [100, 0, -100, -100, 0, 100]), given([2], [0, 0], "i32"), 0, "geometry"),
    one("classes/nan", put(logits(3, 4), [5, NaN]), classes(3, 4), 0, "nan"),
    one("classes/minus-infinity", put(logits(3, 4), [5, -Infinity]), given([3], [0, 0, 0], "i32"), 0, "infinity"),
    one("classes/no-rows", logits(0, 4), classes(0, 4), 0, "empty"),
    one("classes/memory", logits(9, 10), classes(9, 10), 0.1, "memory"),
    one("shares/memory", logits(9, 10), shares(9, 10), 0, "memory"),
    one("classes/f16", as(logits(4, 5), "f16"), classes(4, 5), 0.1, "dtype"),
    one("shares/f16", as(logits(4, 5), "f16"), as(shares(4, 5), "f16"), 0, "dtype"),
  ],
  random(from) {
    const [n, k] = [from.whole(1, 8), from.whole(1, 12)];
    const inputs = [logits(n, k), from.chance(0.6) ? as(integers([n], -1, k), "i32") : shares(n, k)];
    return { attrs: { smoothing: from.pick([0, 0.1, 0.3]) }, inputs, tags: ["random", "grad"] };
  },
};
