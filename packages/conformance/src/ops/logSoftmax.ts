/** The logarithm of the shares along an axis. */
import type { SoftmaxAttrs } from "@tatamijs/core";
import { logShares } from "../lines.ts";
import { sumUlps, type OpKit } from "../meaning.ts";
import { randomSoftmax, softmaxCases } from "./softmax.ts";

export const logSoftmaxKit: OpKit<SoftmaxAttrs> = {
  meaning([x], { axis }) {
    const { logs, error } = logShares(x!, axis, sumUlps);
    return { shape: x!.shape, dtype: x!.dtype, values: logs, error };
  },
  cases: () => softmaxCases("logSoftmax"),
  random: randomSoftmax,
};
