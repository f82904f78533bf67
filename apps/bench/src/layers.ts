/** A network as data, so that one description is run by us and by every peer. Maps are NHWC. */

export type Activation = "none" | "relu" | "relu6";
export type Pads = readonly [top: number, left: number, bottom: number, right: number];

/** `from`: 0 is the input, k the output of layer k − 1. */
export type Layer =
  | {
      readonly kind: "conv";
      readonly from: number;
      /** [O, FH, FW, I/groups]. */
      readonly shape: readonly [number, number, number, number];
      readonly weights: Float32Array;
      readonly bias?: Float32Array;
      readonly stride: number;
      readonly padding: Pads;
      readonly groups: number;
      readonly activation: Activation;
      /** Added before the activation. */
      readonly residual?: number;
    }
  | {
      readonly kind: "maxPool" | "avgPool";
      readonly from: number;
      readonly kernel: number;
      readonly stride: number;
      readonly padding: number;
    }
  | { readonly kind: "concat"; readonly from: readonly [number, number] }
  /** Mean over the map: [N, C]. */
  | { readonly kind: "globalPool"; readonly from: number }
  /** [N, H·W·C]. */
  | { readonly kind: "flatten"; readonly from: number }
  | {
      readonly kind: "linear";
      readonly from: number;
      /** [O, I]. */
      readonly shape: readonly [number, number];
      readonly weights: Float32Array;
      readonly bias?: Float32Array;
      readonly activation: Activation;
    };

export interface Net {
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
}

/** Uniform in ±`scale`, the same for the same seed. */
export function seeded(length: number, seed: number, scale: number = 1): Float32Array {
  const values = new Float32Array(length);
  let state = (Math.imul(seed + 1, 0x9e3779b1) + 0x7f4a7c15) | 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = (state / 2 ** 31) * scale;
  }
  return values;
}

/** Builds a net layer by layer, sizes worked out on the way and weights from a seed (He's scale, so that values stay near 1). */
export class NetBuilder {
  readonly #shapes: (readonly number[])[];
  readonly #layers: Layer[] = [];
  #seed: number;

  constructor(input: readonly number[], seed: number) {
    this.#shapes = [input];
    this.#seed = seed;
  }

  shape(at: number): readonly number[] {
    return this.#shapes[at]!;
  }

  conv(
    from: number,
    filters: number,
    kernel: number,
    options: {
      stride?: number;
      padding?: number | Pads;
      groups?: number;
      activation?: Activation;
      bias?: boolean;
      residual?: number;
    } = {},
  ): number {
    const { stride = 1, padding = 0, groups = 1, activation = "relu", bias = true, residual } = options;
    const [n, h, w, c] = this.shape(from) as [number, number, number, number];
    const pads: Pads = typeof padding === "number" ? [padding, padding, padding, padding] : padding;
    const depth = kernel * kernel * (c / groups);
    const layer: Layer = {
      kind: "conv",
      from,
      shape: [filters, kernel, kernel, c / groups],
      weights: seeded(filters * depth, this.#seed++, Math.sqrt(6 / depth)),
      ...(bias ? { bias: seeded(filters, this.#seed++, 0.1) } : {}),
      stride,
      padding: pads,
      groups,
      activation,
      ...(residual === undefined ? {} : { residual }),
    };
    const size = (length: number, before: number, after: number): number =>
      Math.floor((length + before + after - kernel) / stride) + 1;
    return this.#add(layer, [n, size(h, pads[0], pads[2]), size(w, pads[1], pads[3]), filters]);
  }

  pool(kind: "maxPool" | "avgPool", from: number, kernel: number, stride: number, padding: number = 0): number {
    const [n, h, w, c] = this.shape(from) as [number, number, number, number];
    const size = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1;
    return this.#add({ kind, from, kernel, stride, padding }, [n, size(h), size(w), c]);
  }

  concat(a: number, b: number): number {
    const [first, second] = [this.shape(a), this.shape(b)];
    return this.#add({ kind: "concat", from: [a, b] }, [...first.slice(0, 3), first[3]! + second[3]!]);
  }

  globalPool(from: number): number {
    const [n, , , c] = this.shape(from) as [number, number, number, number];
    return this.#add({ kind: "globalPool", from }, [n, c]);
  }

  flatten(from: number): number {
    const [n, h, w, c] = this.shape(from) as [number, number, number, number];
    return this.#add({ kind: "flatten", from }, [n, h * w * c]);
  }

  linear(from: number, outputs: number, activation: Activation = "none"): number {
    const [n, features] = this.shape(from) as [number, number];
    const weights = seeded(outputs * features, this.#seed++, Math.sqrt(6 / features));
    const layer: Layer = {
      kind: "linear",
      from,
      shape: [outputs, features],
      weights,
      bias: seeded(outputs, this.#seed++, 0.1),
      activation,
    };
    return this.#add(layer, [n, outputs]);
  }

  done(): Net {
    return { input: this.shape(0), layers: this.#layers };
  }

  #add(layer: Layer, shape: readonly number[]): number {
    this.#layers.push(layer);
    return this.#shapes.push(shape) - 1;
  }
}
