/**
 * A network as it is chosen: a row of layers between the picture and the ten scores, as plain data and as text for an address
 * (`c12k5-p2-d128`). Relu stands after every convolution and every dense layer (after the norm, where one follows), and the
 * maps are laid flat where a dense layer wants them.
 */
import { CLASSES, SIDE } from "@tatamijs/digits";
import { input, nn, TatamiError, type Layer, type Shape, type Tensor } from "tatamijs";

export type LayerSpec =
  | {
      readonly kind: "conv";
      readonly filters: number;
      readonly size: number;
      readonly stride: number;
      readonly padding: number;
    }
  | { readonly kind: "pool"; readonly size: number }
  | { readonly kind: "norm" }
  | { readonly kind: "dropout"; readonly percent: number }
  | { readonly kind: "dense"; readonly units: number };

export type LayerKind = LayerSpec["kind"];

/** What each number may be, and the name of it in the address. */
export const limits = {
  filters: { letter: "c", least: 1, most: 48 },
  size: { letter: "k", least: 1, most: 9 },
  stride: { letter: "s", least: 1, most: 4 },
  padding: { letter: "p", least: 0, most: 4 },
  units: { letter: "d", least: 1, most: 256 },
  percent: { letter: "o", least: 5, most: 90 },
} as const;

/** Most rows. */
export const mostLayers = 10;

const conv = (filters: number, size: number, padding: number = 0): LayerSpec => ({
  kind: "conv",
  filters,
  size,
  stride: 1,
  padding,
});
const pool: LayerSpec = { kind: "pool", size: 2 };

/** What a new row of each kind begins as. */
export const fresh: Readonly<Record<LayerKind, LayerSpec>> = {
  conv: conv(8, 3, 1),
  pool,
  norm: { kind: "norm" },
  dropout: { kind: "dropout", percent: 25 },
  dense: { kind: "dense", units: 64 },
};

export type PresetName = "small" | "lenet" | "deep" | "dense";

export const presets: Readonly<Record<PresetName, readonly LayerSpec[]>> = {
  small: [conv(8, 5), pool, conv(16, 5), pool],
  lenet: [conv(12, 5), pool, conv(24, 5), pool, { kind: "dense", units: 128 }],
  deep: [
    conv(12, 3, 1),
    { kind: "norm" },
    pool,
    conv(24, 3, 1),
    { kind: "norm" },
    pool,
    { kind: "dropout", percent: 25 },
    { kind: "dense", units: 64 },
  ],
  dense: [{ kind: "dense", units: 64 }],
};

/** `c12k5-p2-d128`; stride 1 and padding 0 are left out. */
export function layersText(layers: readonly LayerSpec[]): string {
  return layers
    .map((layer) => {
      switch (layer.kind) {
        case "conv":
          return `c${layer.filters}k${layer.size}${layer.stride === 1 ? "" : `s${layer.stride}`}${layer.padding === 0 ? "" : `p${layer.padding}`}`;
        case "pool":
          return `p${layer.size}`;
        case "norm":
          return "n";
        case "dropout":
          return `o${layer.percent}`;
        case "dense":
          return `d${layer.units}`;
      }
    })
    .join("-");
}

const within = (value: number, name: keyof typeof limits): boolean =>
  value >= limits[name].least && value <= limits[name].most;

function layerOf(text: string): LayerSpec | undefined {
  if (text === "n") return fresh.norm;
  const [, filters, size, stride, padding] = /^c(\d+)k(\d+)(?:s(\d+))?(?:p(\d+))?$/.exec(text) ?? [];
  if (filters !== undefined) {
    const layer = {
      kind: "conv",
      filters: Number(filters),
      size: Number(size),
      stride: Number(stride ?? 1),
      padding: Number(padding ?? 0),
    } as const;
    const sound = (["filters", "size", "stride", "padding"] as const).every((name) => within(layer[name], name));
    return sound ? layer : undefined;
  }
  const [, letter, digits] = /^([pod])(\d+)$/.exec(text) ?? [];
  const value = Number(digits);
  if (letter === "p" && value >= 2 && within(value, "size")) return { kind: "pool", size: value };
  if (letter === "o" && within(value, "percent")) return { kind: "dropout", percent: value };
  if (letter === "d" && within(value, "units")) return { kind: "dense", units: value };
  return undefined;
}

/** Undefined for a text that is no row of layers. */
export function layersFrom(text: string): readonly LayerSpec[] | undefined {
  if (text === "") return [];
  const layers = text.split("-").map(layerOf);
  return layers.length <= mostLayers && layers.every((layer) => layer !== undefined) ? layers : undefined;
}

/** One row of the list, built. */
export interface Row {
  /** Behind it, without the batch's axis. */
  readonly shape: Shape;
  readonly parameters: number;
  /** Where its weights are in the model: `3.weight`. */
  readonly weight: string | undefined;
}

export interface Built {
  /** As many as there are layers, and the scores; fewer where one does not fit. */
  readonly rows: readonly Row[];
  /** The library's own word on the row that does not fit. */
  readonly problem: { readonly row: number; readonly error: TatamiError } | undefined;
  /** Layers in order, as `nn.sequential` takes them; the row that each belongs to. */
  readonly parts: readonly { readonly row: number; readonly layer: Layer }[];
}

/** Builds layer by layer, as far as it goes. `seed`: of the first weights. */
export function build(layers: readonly LayerSpec[], seed: number = 0): Built {
  const draws = { generator: nn.generator(seed) };
  const parts: { row: number; layer: Layer }[] = [];
  const rows: Row[] = [];
  let x: Tensor = input([1, 1, SIDE, SIDE]);
  const put = (row: number, layer: Layer): void => {
    x = layer.forward(x, nn.inference());
    parts.push({ row, layer });
  };
  const flat = (row: number): void => {
    if (x.shape.length > 2) put(row, nn.flatten());
  };
  try {
    for (const [row, layer] of layers.entries()) {
      let weight: string | undefined;
      const before = parts.length;
      switch (layer.kind) {
        case "conv": {
          const { filters, size, stride, padding } = layer;
          weight = `${parts.length}.weight`;
          put(row, nn.conv2d(x.shape[1]!, filters, size, { ...draws, stride, padding }));
          break;
        }
        case "pool":
          put(row, nn.maxPool2d(layer.size));
          break;
        case "norm":
          put(row, nn.batchNorm2d(x.shape[1]!));
          break;
        case "dropout":
          put(row, nn.dropout(layer.percent / 100));
          break;
        case "dense":
          flat(row);
          weight = `${parts.length}.weight`;
          put(row, nn.linear(x.shape[1]!, layer.units, draws));
          break;
      }
      const next = layers[row + 1]?.kind;
      const active = layer.kind === "norm" || ((layer.kind === "conv" || layer.kind === "dense") && next !== "norm");
      if (active) put(row, nn.relu());
      rows.push(rowOf(parts.slice(before), x, weight));
    }
    const before = parts.length;
    flat(layers.length);
    const weight = `${parts.length}.weight`;
    put(layers.length, nn.linear(x.shape[1]!, CLASSES, draws));
    rows.push(rowOf(parts.slice(before), x, weight));
    return { rows, problem: undefined, parts };
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    return { rows, problem: { row: rows.length, error }, parts };
  }
}

function rowOf(parts: readonly { readonly layer: Layer }[], x: Tensor, weight: string | undefined): Row {
  const parameters = parts.reduce((sum, { layer }) => sum + nn.parameterCount(layer), 0);
  return { shape: x.shape.slice(1), parameters, weight };
}
