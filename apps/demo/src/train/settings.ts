/** What a run is made of, and how it goes into an address and comes back: what is as usual is left out. */
import type { BackendName } from "tatamijs";
import { layersFrom, layersText, presets, type LayerSpec } from "./layers.ts";

export const optimizers = ["adamw", "adam", "momentum", "sgd"] as const;
export const rates = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10] as const;
export const batchSizes = [8, 16, 32, 64, 128] as const;

/** Where the digits come from: drawn here; MNIST of this site's `data/` folder; the four files that were dropped. */
export type Source = "drawn" | "site" | "files";

export interface Settings {
  readonly layers: readonly LayerSpec[];
  readonly optimizer: (typeof optimizers)[number];
  readonly rate: number;
  readonly batch: number;
  /** Passes over the data until it stops. */
  readonly epochs: number;
  readonly seed: number;
  readonly source: Source;
}

export const mostEpochs = 50;
export const mostSeed = 9999;

export const usual: Settings = {
  layers: presets.small,
  optimizer: "adamw",
  rate: 0.003,
  batch: 32,
  epochs: 10,
  seed: 0,
  source: "drawn",
};

export type Query = Readonly<Record<string, string | undefined>>;

export function toQuery(settings: Settings, backend: BackendName, standard: Source): Query {
  const { layers, optimizer, rate, batch, epochs, seed, source } = settings;
  const unless = (same: boolean, text: string): string | undefined => (same ? undefined : text);
  return {
    layers: unless(layersText(layers) === layersText(usual.layers), layersText(layers)),
    by: unless(optimizer === usual.optimizer, optimizer),
    rate: unless(rate === usual.rate, `${rate}`),
    batch: unless(batch === usual.batch, `${batch}`),
    epochs: unless(epochs === usual.epochs, `${epochs}`),
    seed: unless(seed === usual.seed, `${seed}`),
    // Dropped files are in nobody else's page.
    data: unless(source === standard || source === "files", source),
    on: unless(backend === "wasm", backend),
  };
}

/** What a stranger wrote into an address is taken where it makes sense. */
export function fromQuery(query: URLSearchParams, standard: Source): Settings {
  const one = <T>(list: readonly T[], found: T, other: T): T => (list.includes(found) ? found : other);
  const whole = (name: string, least: number, most: number, other: number): number => {
    const text = query.get(name);
    const value = Number(text);
    return text !== null && Number.isInteger(value) && value >= least && value <= most ? value : other;
  };
  const source = query.get("data");
  return {
    layers: layersFrom(query.get("layers") ?? layersText(usual.layers)) ?? usual.layers,
    optimizer: one<string>(optimizers, query.get("by") ?? "", usual.optimizer) as Settings["optimizer"],
    rate: one<number>(rates, Number(query.get("rate")), usual.rate),
    batch: one<number>(batchSizes, Number(query.get("batch")), usual.batch),
    epochs: whole("epochs", 1, mostEpochs, usual.epochs),
    seed: whole("seed", 0, mostSeed, usual.seed),
    source: source === "drawn" || source === "site" ? source : standard,
  };
}

export function backendFrom(query: URLSearchParams): BackendName {
  const name = query.get("on");
  return name === "webgpu" || name === "cpu" ? name : "wasm";
}
