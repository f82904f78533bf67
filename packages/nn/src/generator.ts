/**
 * Random numbers of the host, for first weights, shuffling and augmentation: a counter through core's integer hash, so
 * one seed gives the same bits on every machine. (Dropout's numbers are drawn on the device: core's `random`.)
 */
import { checkWhole, mix } from "@tatamijs/core";

export interface Generator {
  /** Uniform in [0, 1), a multiple of 2⁻²⁴, so exact in f32. */
  next(): number;
  /** Standard normal, by Box and Muller. */
  normal(): number;
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number;
  /** The next `count` draws as a generator of their own, for later; this one goes on behind them. */
  ahead(count: number): Generator;
}

/**
 * A generator of its own from a seed and, if given, the names of what it is for: `generator(seed, epoch, sample)`.
 * @throws TatamiError `argument` when a part is no whole number from 0 to 2³² − 1.
 */
export function generator(...seed: readonly number[]): Generator {
  let key = 0x243f6a88;
  for (const part of seed) {
    key = mix((mix((key + 0x9e3779b9) | 0) + checkWhole(part, 0, "generator", "seed", 2 ** 32 - 1)) | 0);
  }
  return counting(key, 0);
}

function counting(key: number, counter: number): Generator {
  const word = (): number => mix(key ^ mix((counter++ + 0x9e3779b9) | 0));
  const next = (): number => (word() >>> 8) * 2 ** -24;
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    // 53 bits: no limit below 2³² is favoured by more than 2⁻²¹.
    below: (limit) => Math.floor(((word() >>> 5) * 2 ** 26 + (word() >>> 6)) * 2 ** -53 * limit),
    ahead: (count) => counting(key, (counter += count) - count),
  };
}

let shared: Generator | undefined;

/**
 * Seeds the generator that layers made without one of their own draw from, as PyTorch's `manual_seed`. A program that
 * never calls this starts from seed 0: the same layers in the same order get the same weights.
 * @throws TatamiError `argument`.
 */
export function manualSeed(seed: number): void {
  shared = generator(seed);
}

export function sharedGenerator(): Generator {
  shared ??= generator(0);
  return shared;
}
