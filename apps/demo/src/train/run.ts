/** One run: the network as it was chosen, its optimiser, its pictures, and how far it is. */
import { SIDE } from "@tatamijs/digits";
import {
  adam,
  adamw,
  mul,
  nn,
  readSafetensors,
  sgd,
  writeSafetensors,
  type Checkpoint,
  type Dataset,
  type Layer,
  type Optimizer,
} from "tatamijs";
import type { Digits } from "./digits.ts";
import { build, layersFrom, layersText, type LayerSpec, type Row } from "./layers.ts";
import type { Settings } from "./settings.ts";
import { watched } from "./watch.ts";

export interface Run {
  readonly settings: Settings;
  readonly rows: readonly Row[];
  /** Takes bytes, 0 to 255: a quarter of the memory that the pictures would take as numbers from 0 to 1. */
  readonly model: Layer;
  readonly optimizer: Optimizer;
  readonly digits: Digits;
  readonly training: Dataset;
  /** Passes until it stops. */
  epochs: number;
  /** The latest; none before the first step. */
  checkpoint: Checkpoint | undefined;
  /** The step of the latest test. */
  tested: number;
}

/** @throws TatamiError what the layer that does not fit throws. */
export function newRun(settings: Settings, digits: Digits): Run {
  const { rows, problem, parts } = build(settings.layers, settings.seed);
  if (problem !== undefined) throw problem.error;
  const { count, images, labels } = digits.training;
  return {
    settings,
    rows,
    model: fromBytes(parts.map(({ layer }) => layer)),
    optimizer: watched(optimizerOf(settings)),
    digits,
    training: { inputs: { data: images, shape: [count, 1, SIDE, SIDE] }, targets: { data: labels, shape: [count] } },
    epochs: settings.epochs,
    checkpoint: undefined,
    tested: -1,
  };
}

/** The layers in a row under PyTorch's names (`0.weight`), behind a division by 255. */
function fromBytes(layers: readonly Layer[]): Layer {
  const row = nn.sequential(Object.fromEntries(layers.map((layer, i) => [`${i}`, layer])));
  return nn.module("digits", {
    children: row.children,
    forward: (x, context) => row.forward(mul(x, 1 / 255), context),
  });
}

function optimizerOf({ optimizer, rate: lr }: Settings): Optimizer {
  switch (optimizer) {
    case "adamw":
      return adamw({ lr });
    case "adam":
      return adam({ lr });
    case "momentum":
      return sgd({ lr, momentum: 0.9 });
    case "sgd":
      return sgd({ lr });
  }
}

/** The weights of now as a safetensors file that also says its layers. */
export function weightsOf({ model, checkpoint, settings }: Run): Uint8Array {
  return writeSafetensors({
    tensors: checkpoint?.weights ?? nn.firstValues(model),
    metadata: [["layers", layersText(settings.layers)]],
  });
}

/** The layers that a file of weights says, where it says any that can be built. @throws TatamiError as `readSafetensors`. */
export function layersIn(weights: Uint8Array): readonly LayerSpec[] | undefined {
  const text = readSafetensors(weights).metadata.get("layers");
  const layers = text === undefined ? undefined : layersFrom(text);
  return layers !== undefined && build(layers).problem === undefined ? layers : undefined;
}
