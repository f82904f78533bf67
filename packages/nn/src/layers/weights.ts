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
  if (typeof (generator as Generator | null)?.ahead !== "function") {
    throw wrongArgument(op, "generator", generator, "a generator such as nn.generator(7)");
  }
  const size = sizeOf(shape);
  const values: unknown = init === torchDefault ? later(size, fans, generator) : init(size, fans, generator);
  if (init !== torchDefault && !(values instanceof Float32Array && values.length === size)) {
    throw wrongArgument(op, "init(…)", values, `an initialiser that gives a Float32Array of ${size} values`);
  }
  const leaf = state(values as Float32Array, shape);
  return perm === undefined ? leaf : transpose(leaf, perm);
}

export function bias(size: number, fans: Fans, options: WeightOptions): Tensor {
  return state(later(size, fans, options.generator ?? sharedGenerator()), [size]);
}

/** PyTorch's default takes one draw for each value, so it can wait until somebody asks, and draws the same. */
function later(size: number, fans: Fans, generator: Generator): () => Float32Array {
  const own = generator.ahead(size);
  return () => torchDefault(size, fans, own);
}

/** A state of one repeated value. */
export function filled(value: number, shape: Shape): Tensor {
  return state(new Float32Array(sizeOf(shape)).fill(value), shape);
}
