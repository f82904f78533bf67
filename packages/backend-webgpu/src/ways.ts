/**
 * Which tile each product goes on: the one that was the fastest on this adapter, else what usually does well. What was measured
 * is kept for all devices of the adapter, and across visits where there is storage.
 */
import { allWays, usualWay, type Way } from "./conv/tile.ts";
import type { Product } from "./conv/size.ts";
import { loadWays, saveWays } from "./wayStore.ts";

/** Of one adapter: a product's key → its way. */
interface Known {
  readonly ways: Map<string, Way>;
  /** What earlier visits measured has come. */
  loaded?: Promise<void>;
}

const adapters = new Map<string, Known>();

export class Ways {
  readonly #adapter: string;
  readonly #known: Known;
  readonly #only: Way | undefined;

  /** `only`: the one way for all. */
  constructor(adapter: string, only: Way | undefined) {
    this.#adapter = adapter;
    this.#only = only;
    this.#known = adapters.get(adapter) ?? { ways: new Map() };
    adapters.set(adapter, this.#known);
  }

  of(product: Product): Way {
    return this.#only ?? this.#known.ways.get(keyOf(product)) ?? usualWay(product);
  }

  knows(product: Product): boolean {
    return this.#only !== undefined || this.#known.ways.has(keyOf(product));
  }

  learn(product: Product, way: Way): void {
    this.#known.ways.set(keyOf(product), way);
  }

  get known(): Readonly<Record<string, Way>> {
    return Object.fromEntries(this.#known.ways);
  }

  /** Adds what earlier visits measured; what was measured since then stays. */
  load(): Promise<void> {
    return (this.#known.loaded ??= loadWays(this.#adapter).then((stored) => {
      for (const [key, way] of Object.entries(stored))
        // A name of another version of this package is no tile of this one.
        if (!this.#known.ways.has(key) && allWays.includes(way as Way)) this.#known.ways.set(key, way as Way);
    }));
  }

  save(): Promise<void> {
    return saveWays(this.#adapter, this.known);
  }
}

/** All that a product's time depends on: `1×56×56×64 → 56×56×128, 3×3, stride 1×1, …`. */
export function keyOf({ windows, following, types }: Product): string {
  const { images, groups, from, to, depth, columns, kernel, stride, padding, dilation, turned, own } = windows;
  const size = (sizes: readonly number[]): string => sizes.join("×");
  return [
    `${size([images, ...from, depth * groups])} → ${size([...to, columns * groups])}`,
    size(kernel),
    `stride ${size(stride)}`,
    `padding ${size(padding)}`,
    ...(dilation.some((d) => d !== 1) ? [`dilation ${size(dilation)}`] : []),
    ...(groups > 1 ? [`${groups} groups`] : []),
    ...(turned ? ["turned"] : []),
    ...(own === undefined ? [] : [`${own.length} filters`]),
    ...(following.residual ? ["residual"] : []),
    types.from === types.to ? types.from : `${types.from} → ${types.to}`,
  ].join(", ");
}
