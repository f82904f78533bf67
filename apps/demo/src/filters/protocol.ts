/** What the page of the filters and their worker tell each other. */
import type { BackendName } from "tatamijs";
import type { Filter } from "./kernels.ts";
import type { SceneName } from "./scenes.ts";

/** The first layer of the trained network, in place of a filter that is written down. */
export type Applied = Filter | "network";

/** Colours of numbers as rgba bytes: 129 from −1 to 1. */
export interface Tints {
  readonly signed: Uint32Array;
  /** Between the maps. */
  readonly paper: number;
}

export type Source =
  | { readonly kind: "scene"; readonly name: SceneName }
  | { readonly kind: "picture"; readonly bitmap: ImageBitmap }
  /** Frames come one by one, each asked for. */
  | { readonly kind: "camera" };

/** A pixel of the result; `map` of the network's twelve. */
export interface Spot {
  readonly y: number;
  readonly x: number;
  readonly map: number;
}

export type Asked =
  | { readonly what: "canvases"; readonly before: OffscreenCanvas; readonly after: OffscreenCanvas }
  | { readonly what: "backend"; readonly name: BackendName }
  | { readonly what: "apply"; readonly applied: Applied }
  | { readonly what: "width"; readonly width: number }
  | { readonly what: "source"; readonly source: Source }
  | { readonly what: "frame"; readonly bitmap: ImageBitmap }
  | { readonly what: "run"; readonly running: boolean; readonly moving: boolean }
  | { readonly what: "tints"; readonly tints: Tints }
  | { readonly what: "look"; readonly spot: Spot }
  | { readonly what: "numbers"; readonly wanted: boolean };

export type Told =
  | { readonly what: "opened"; readonly name: BackendName; readonly variant: string }
  | { readonly what: "refused"; readonly name: BackendName; readonly why: string }
  | { readonly what: "failed"; readonly why: string }
  /** The device is gone; `opened` follows when the work goes on. */
  | { readonly what: "lost"; readonly name: BackendName; readonly why: string }
  | { readonly what: "want" }
  | { readonly what: "measured"; readonly measured: Measured }
  /** Of the trained layer: each 5 × 5, row by row. */
  | { readonly what: "kernels"; readonly kernels: readonly (readonly number[])[] }
  | { readonly what: "looked"; readonly looked: Looked }
  | { readonly what: "blocks"; readonly blocks: Blocks };

/** Medians of the latest frames, in milliseconds. */
export interface Measured {
  readonly backend: BackendName;
  /** Of the picture that goes in. */
  readonly width: number;
  readonly height: number;
  /** Of what comes out, and how many maps beside each other. */
  readonly out: readonly [width: number, height: number];
  readonly maps: number;
  /** Bytes given to numbers back. */
  readonly run: number;
  /** The whole frame: the picture drawn, filtered, and shown. */
  readonly frame: number;
  readonly perSecond: number;
  readonly operations: number;
}

/** How one number came to be. */
export interface Looked {
  readonly spot: Spot;
  readonly size: number;
  /** Row by row. */
  readonly window: readonly number[];
  readonly weights: readonly number[];
  /** Σ of the products; of the kernel turned too, where there is one. */
  readonly sums: readonly number[];
  /** What is left to do: divide, add, cut off below. */
  readonly divisor: number;
  readonly offset: number;
  /** What the library gave. */
  readonly value: number;
}

/** Means of a few blocks: the table behind the picture. */
export interface Blocks {
  readonly rows: number;
  readonly columns: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
}
