/**
 * Batch normalisation with running statistics.
 *
 * Training normalises by the batch's own mean and biased variance, and moves the running ones by `momentum` towards the
 * mean and the *unbiased* variance (n/(n − 1) times the biased one), as PyTorch does. Prediction uses the running ones.
 */
import {
  add,
  batchNorm as batchNormOf,
  batchStatistics,
  checkBoolean,
  checkOptions,
  checkRank,
  mul,
  showShape,
  sizeOf,
  TatamiError,
  type NormRule,
  type Rule,
  checkWhole,
} from "@tatamijs/core";
import { checkNumber } from "../check.ts";
import { module, type Shaped } from "../module.ts";
import { filled } from "./weights.ts";

export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number | undefined;
  /** Share of the new in the running statistics. Default 0.1. */
  readonly momentum?: number | undefined;
  /** Trained scale and shift (`weight`, `bias`). Default true. */
  readonly affine?: boolean | undefined;
  /** Keep `running_mean` and `running_var`; without them prediction uses the batch's own. Default true. */
  readonly trackRunningStats?: boolean | undefined;
}

/** (N, numFeatures, H, W), each channel normalised over N, H, W. @throws TatamiError `argument`; when called, `rank`, `shape`. */
export const batchNorm2d = <const C extends number>(
  numFeatures: C,
  options?: BatchNormOptions,
): Shaped<NormRule<C, "batchNorm2d">> => batchNorm("batchNorm2d", [4], "(N, C, H, W)", numFeatures, options);

/** (N, numFeatures) or (N, numFeatures, L). @throws TatamiError `argument`; when called, `rank`, `shape`. */
export const batchNorm1d = <const C extends number>(
  numFeatures: C,
  options?: BatchNormOptions,
): Shaped<NormRule<C, "batchNorm1d">> => batchNorm("batchNorm1d", [2, 3], "(N, C) or (N, C, L)", numFeatures, options);

function batchNorm<R extends Rule>(
  name: string,
  ranks: readonly number[],
  form: string,
  numFeatures: number,
  options: BatchNormOptions | undefined,
): Shaped<R> {
  const op = `nn.${name}`;
  const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = checkOptions(options ?? {}, op);
  checkWhole(numFeatures, 1, op, "numFeatures");
  checkNumber(eps, op, "eps", 0);
  checkNumber(momentum, op, "momentum", 0, 1);
  const weight = checkBoolean(affine, op, "affine") ? filled(1, [numFeatures]) : undefined;
  const bias = affine ? filled(0, [numFeatures]) : undefined;
  const running = checkBoolean(trackRunningStats, op, "trackRunningStats")
    ? { running_mean: filled(0, [numFeatures]), running_var: filled(1, [numFeatures]) }
    : undefined;
  return module(`${name}(${numFeatures})`, {
    state: { ...(weight === undefined || bias === undefined ? {} : { weight, bias }), ...running },
    buffers: Object.keys(running ?? {}),
    forward(x, context) {
      checkRank(x, ranks, op, "x", form);
      if (x.shape[1] !== numFeatures) {
        throw new TatamiError(
          "channels",
          `x ${showShape(x.shape)} has ${x.shape[1]} channels, the layer normalises ${numFeatures}; use ${name}(${x.shape[1]})`,
          {
            op,
            details: { shape: x.shape, numFeatures },
          },
        );
      }
      const shared = { gamma: weight, beta: bias, epsilon: eps };
      if (!context.training && running !== undefined) {
        return batchNormOf(x, { ...shared, mean: running.running_mean, variance: running.running_var });
      }
      const { mean, variance } = batchStatistics(x);
      if (context.training) {
        const count = sizeOf(x.shape) / numFeatures;
        if (count < 2) {
          throw new TatamiError(
            "shape",
            `x ${showShape(x.shape)} has one value per channel, whose variance is 0; train with batches of at least 2 (fit: dropLast)`,
            {
              op,
              details: { shape: x.shape },
            },
          );
        }
        if (running !== undefined) {
          context.update(running.running_mean, add(mul(running.running_mean, 1 - momentum), mul(mean, momentum)));
          context.update(
            running.running_var,
            add(mul(running.running_var, 1 - momentum), mul(variance, (momentum * count) / (count - 1))),
          );
        }
      }
      return batchNormOf(x, { ...shared, mean, variance, training: true });
    },
  });
}
