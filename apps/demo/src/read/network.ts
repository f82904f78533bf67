/** The trained network with all its layers in sight: what it says of a picture, what each layer makes of it, and why. */
import { CLASSES, digitsNetwork, SIDE } from "@tatamijs/digits";
import { explainer, type Explainer } from "@tatamijs/core/explain";
import { compile, load, softmax, type BackendName, type Layer, type Predict, type Tensor, type Value } from "tatamijs";
import { backend } from "../backends.ts";

/** A map that is shown: what stands after layer number `layer`. */
export interface Shown {
  readonly name: "conv1" | "pool1" | "conv2" | "pool2" | "hidden" | "scores";
  readonly layer: number;
  readonly maps: number;
  readonly side: readonly [number, number];
}

/** In order. A convolution is shown after its relu. */
export const shown: readonly Shown[] = [
  { name: "conv1", layer: 1, maps: 12, side: [24, 24] },
  { name: "pool1", layer: 2, maps: 12, side: [12, 12] },
  { name: "conv2", layer: 4, maps: 24, side: [8, 8] },
  { name: "pool2", layer: 5, maps: 24, side: [4, 4] },
  { name: "hidden", layer: 8, maps: 1, side: [8, 16] },
  { name: "scores", layer: 9, maps: 1, side: [1, CLASSES] },
];

const weights = new URL("../../../../packages/digits/weights/digits.safetensors", import.meta.url);

export interface Network {
  readonly layers: readonly Layer[];
  /** Values of `shown`, in order, and the probabilities. `pixels`: 28 × 28, 0 paper to 1 ink. */
  read(
    pixels: Float32Array,
  ): Promise<{ readonly maps: readonly ArrayLike<number>[]; readonly probabilities: ArrayLike<number> }>;
  close(): void;
}

let model: Promise<ReturnType<typeof digitsNetwork>> | undefined;

async function trained(): Promise<ReturnType<typeof digitsNetwork>> {
  const made = digitsNetwork();
  await load(made, weights);
  return made;
}

/** @throws TatamiError as `backend`, `load` and `compile` (rejects). */
export async function openNetwork(name: BackendName): Promise<Network> {
  model ??= trained();
  model.catch(() => (model = undefined));
  const layers = Object.values((await model).children);
  const all = (x: Tensor): Tensor[] => {
    const after: Tensor[] = [];
    let at = x;
    for (const layer of layers) after.push((at = layer.forward(at, inference)));
    return [...shown.map(({ layer }) => after[layer]!), softmax(at)];
  };
  const predict: Predict<Value[]> = await compile(all, { input: [1, 1, SIDE, SIDE], backend: await backend(name) });
  // The first run makes packed weights: no visitor waits for it after a stroke.
  await predict(new Float32Array(SIDE * SIDE));
  return {
    layers,
    async read(pixels) {
      const values = await predict(pixels);
      return { maps: values.slice(0, -1).map(({ data }) => data), probabilities: values.at(-1)!.data };
    },
    close: () => predict.close(),
  };
}

const inference = {
  training: false,
  random: (): never => {
    throw new Error("no layer of this network draws at random");
  },
  update: (): void => {},
};

/** Tells of the cells of a shown map. */
export function teller(layers: readonly Layer[], pixels: Float32Array, { layer }: Shown): Explainer {
  return explainer(layers.slice(0, layer + 1), { data: pixels, shape: [1, 1, SIDE, SIDE] });
}
