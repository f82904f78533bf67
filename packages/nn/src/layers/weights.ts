/** What convolutions and linear layers share: a weight, a bias, and how they are drawn. */
import { sizeOf, state, transpose, type Perm, type Shape, type Tensor, wrongArgument } from "@tatamijs/core";
import { sharedGenerator, type Generator } from "../generator.ts";
import { torchDefault, type Fans, type Initializer } from "../init.ts";

export interface WeightOptions {
  /** Default true. */
  readonly bias?: boolean | undefined;
  /** Draws the first weights. Default: PyTorch's, uniform with bound 1/√fanIn. The bias is drawn as in PyTorch. */
  readonly init?: Initializer | undefined;
  /** Where the draws come from. Default: the shared one that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/** A weight leaf of `shape` (stored form), said through `perm`. */
export function weight(shape: Shape, fans: Fans, options: WeightOptions, op: string, perm?: Perm): Tensor {
  const { init = torchDefault, generator = sharedGenerator() } = options;
  if (typeof init !== "function") throw wrongArgument(op, "init", init, "an initialiser such as nn.kaimingUniform()");
  if (typeof generator !== "object" || generator === null || typeof generator.next !== "function") {
    throw wrongArgument(op, "generator", generator, "a generator such as nn.generator(7)");
  }
  const values: unknown = init(sizeOf(shape), fans, generator);
  if (!(values instanceof Float32Array) || values.length !== sizeOf(shape)) {
    throw wrongArgument(op, "init(…)", values, `an initialiser that gives a Float32Array of ${sizeOf(shape)} values`);
  }
  const leaf = state(values, shape);
  return perm === undefined ? leaf : transpose(leaf, perm);
}

export function bias(size: number, fans: Fans, options: WeightOptions): Tensor {
  return state(torchDefault(size, fans, options.generator ?? sharedGenerator()), [size]);
}

/** A state of one repeated value. */
export function filled(value: number, shape: Shape): Tensor {
  return state(new Float32Array(sizeOf(shape)).fill(value), shape);
}
