/**
 * First values of weights: He (Kaiming) and Xavier (Glorot), by PyTorch's names and formulas.
 *
 * A weight that sums fanIn products keeps the variance of its input when Var(w) = gain²/fanIn. A uniform draw from
 * [−b, b] has the variance b²/3, so b = gain·√(3/fan); a normal draw has σ = gain/√fan. He et al. 2015 have gain² = 2
 * for relu, which halves a variance; Glorot and Bengio 2010 put (fanIn + fanOut)/2 in the place of fanIn.
 */
import { checkFinite, checkOptions, wrongArgument } from "@tatamijs/core";
import { checkNumber } from "./check.ts";
import type { Generator } from "./generator.ts";

/** How many products an output element sums (fanIn), and in how many sums an input element stands (fanOut). */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Draws `size` first values. */
export type Initializer = (size: number, fans: Fans, generator: Generator) => Float32Array;

export type Nonlinearity = "linear" | "relu" | "leakyRelu" | "tanh" | "sigmoid" | "selu";

export interface KaimingOptions {
  /** Negative slope of leaky relu. Default 0. */
  readonly a?: number | undefined;
  /** Default "fanIn". */
  readonly mode?: "fanIn" | "fanOut" | undefined;
  /** Default "leakyRelu" (with a = 0, that is relu). */
  readonly nonlinearity?: Nonlinearity | undefined;
}

/** PyTorch's `calculate_gain`. @throws TatamiError `argument`. */
export function gain(nonlinearity: Nonlinearity, a: number = 0.01): number {
  switch (nonlinearity) {
    case "linear":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leakyRelu":
      return Math.sqrt(2 / (1 + a * a));
    case "selu":
      return 3 / 4;
    default:
      throw wrongArgument(
        "gain",
        "nonlinearity",
        nonlinearity,
        '"linear", "relu", "leakyRelu", "tanh", "sigmoid" or "selu"',
      );
  }
}

function kaimingScale(options: KaimingOptions, op: string): (fans: Fans) => number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = checkOptions(options, op);
  if (mode !== "fanIn" && mode !== "fanOut") {
    throw wrongArgument(op, "mode", mode, '"fanIn" or "fanOut"');
  }
  const factor = gain(nonlinearity, checkNumber(a, op, "a", 0));
  return (fans) => factor / Math.sqrt(fans[mode]);
}

const fill = (size: number, draw: () => number): Float32Array => {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = draw();
  return values;
};

/** Uniform from [low, high). Default [0, 1). @throws TatamiError `argument`. */
export function uniform(low: number = 0, high: number = 1): Initializer {
  checkFinite(low, "uniform", "low");
  checkFinite(high, "uniform", "high");
  return (size, _, { next }) => fill(size, () => low + (high - low) * next());
}

/** Default mean 0, deviation 1. @throws TatamiError `argument`. */
export function normal(mean: number = 0, deviation: number = 1): Initializer {
  checkFinite(mean, "normal", "mean");
  checkNumber(deviation, "normal", "deviation", 0);
  return (size, _, generator) => fill(size, () => mean + deviation * generator.normal());
}

/** @throws TatamiError `argument`. */
export function constantOf(value: number): Initializer {
  checkFinite(value, "constantOf", "value");
  return (size) => new Float32Array(size).fill(value);
}

export const zeros = (): Initializer => constantOf(0);
export const ones = (): Initializer => constantOf(1);

/** He, uniform. @throws TatamiError `argument`. */
export function kaimingUniform(options: KaimingOptions = {}): Initializer {
  const scale = kaimingScale(options, "kaimingUniform");
  return (size, fans, generator) => {
    const bound = Math.sqrt(3) * scale(fans);
    return uniform(-bound, bound)(size, fans, generator);
  };
}

/** He, normal. @throws TatamiError `argument`. */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  const scale = kaimingScale(options, "kaimingNormal");
  return (size, fans, generator) => normal(0, scale(fans))(size, fans, generator);
}

/** Glorot, uniform. `factor` is PyTorch's gain; default 1. @throws TatamiError `argument`. */
export function xavierUniform(factor: number = 1): Initializer {
  checkNumber(factor, "xavierUniform", "factor", 0);
  return (size, fans, generator) => {
    const bound = factor * Math.sqrt(6 / (fans.fanIn + fans.fanOut));
    return uniform(-bound, bound)(size, fans, generator);
  };
}

/** Glorot, normal. @throws TatamiError `argument`. */
export function xavierNormal(factor: number = 1): Initializer {
  checkNumber(factor, "xavierNormal", "factor", 0);
  return (size, fans, generator) =>
    normal(0, factor * Math.sqrt(2 / (fans.fanIn + fans.fanOut)))(size, fans, generator);
}

/** PyTorch's default of its convolutions and linear layers (a = √5): uniform, bound 1/√fanIn. */
export const torchDefault: Initializer = (size, fans, generator) => {
  const bound = 1 / Math.sqrt(fans.fanIn);
  return uniform(-bound, bound)(size, fans, generator);
};
