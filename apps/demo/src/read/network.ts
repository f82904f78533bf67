/** A trained network with all its layers in sight: what it says of a picture, what each layer makes of it, and why. */
import { CLASSES, SIDE } from "@tatamijs/digits";
import { explainer, type Explainer } from "@tatamijs/core/explain";
import {
  compile,
  load,
  nn,
  softmax,
  type BackendName,
  type Layer,
  type Predict,
  type Tensor,
  type Value,
} from "tatamijs";
import { backend } from "../backends.ts";
import { build, presets, type LayerKind, type LayerSpec } from "../train/layers.ts";
import type { Trained } from "../trained.ts";

/** A map that is shown: what stands after layer number `layer`. */
export interface Shown {
  readonly kind: LayerKind | "scores";
  /** Of the window; 0 where there is none. */
  readonly size: number;
  /** Is it shown after its relu? */
  readonly active: boolean;
  readonly layer: number;
  readonly maps: number;
  /** A row of numbers is shown in rows of 16, the ten scores in rows of five. */
  readonly side: readonly [number, number];
  /** Numbers of a map. */
  readonly count: number;
  /** No map, but a row of numbers. */
  readonly flat: boolean;
}

export interface Network {
  readonly layers: readonly Layer[];
  /** In order. */
  readonly shown: readonly Shown[];
  /** Values of `shown`, in order, and the probabilities. `pixels`: 28 × 28, 0 paper to 1 ink. */
  read(
    pixels: Float32Array,
  ): Promise<{ readonly maps: readonly ArrayLike<number>[]; readonly probabilities: ArrayLike<number> }>;
  /** Resolves with the reason when the device is lost. */
  readonly lost: Promise<string>;
  close(): void;
}

interface Model {
  readonly layers: readonly Layer[];
  readonly shown: readonly Shown[];
}

const shippedWeights = new URL("../../../../packages/digits/weights/digits.safetensors", import.meta.url);

let shipped: Promise<Model> | undefined;

/** @throws TatamiError as `load`, and what a layer that does not fit throws (rejects). */
async function modelOf(layers: readonly LayerSpec[], weights: URL | Uint8Array): Promise<Model> {
  const { rows, parts, problem } = build(layers);
  if (problem !== undefined) throw problem.error;
  const all = parts.map(({ layer }) => layer);
  await load(nn.sequential(Object.fromEntries(all.map((layer, i) => [`${i}`, layer]))), weights);
  const shown = rows.flatMap(({ shape }, row): Shown[] => {
    const spec = layers[row];
    // In prediction it changes nothing.
    if (spec?.kind === "dropout") return [];
    const [maps = 1, height = 1, width = 1] = shape.length === 3 ? shape : [1, 1, ...shape];
    const flat = shape.length !== 3;
    const count = height * width;
    return [
      {
        kind: spec?.kind ?? "scores",
        size: spec?.kind === "conv" || spec?.kind === "pool" ? spec.size : 0,
        active: spec !== undefined && spec.kind !== "pool" && layers[row + 1]?.kind !== "norm",
        layer: parts.findLastIndex((part) => part.row === row),
        maps,
        side: !flat ? [height, width] : spec === undefined ? [2, CLASSES / 2] : [Math.ceil(count / 16), 16],
        count,
        flat,
      },
    ];
  });
  return { layers: all, shown };
}

/** Without `own`, the network that the house ships. @throws TatamiError as `backend`, `load` and `compile` (rejects). */
export async function openNetwork(name: BackendName, own?: Trained): Promise<Network> {
  if (own === undefined) {
    shipped ??= modelOf(presets.lenet, shippedWeights);
    shipped.catch(() => (shipped = undefined));
  }
  const { layers, shown } = await (own === undefined ? shipped! : modelOf(own.layers, own.weights));
  const all = (x: Tensor): Tensor[] => {
    const after: Tensor[] = [];
    let at = x;
    for (const layer of layers) after.push((at = layer.forward(at, nn.inference())));
    return [...shown.map(({ layer }) => after[layer]!), softmax(at)];
  };
  const opened = await backend(name);
  const predict: Predict<Value[]> = await compile(all, { input: [1, 1, SIDE, SIDE], backend: opened });
  // The first run makes packed weights: no visitor waits for it after a stroke.
  await predict(new Float32Array(SIDE * SIDE));
  return {
    layers,
    shown,
    async read(pixels) {
      const values = await predict(pixels);
      return { maps: values.slice(0, -1).map(({ data }) => data), probabilities: values.at(-1)!.data };
    },
    lost: opened.lost.then(({ reason }) => reason),
    close: () => predict.close(),
  };
}

/** Tells of the cells of a shown map. */
export function teller(layers: readonly Layer[], pixels: Float32Array, { layer }: Shown): Explainer {
  return explainer(layers.slice(0, layer + 1), { data: pixels, shape: [1, 1, SIDE, SIDE] });
}
