/** What the page asks of its training worker, and what it is told. All of it is plain data. */
import type { ErrorFacts } from "@tatamijs/core";
import type { BackendName } from "tatamijs";
import type { LayerSpec } from "./layers.ts";
import type { Settings, Source } from "./settings.ts";

export type Asked =
  /** A new run. `weights`: the bytes of a safetensors file that it begins with. */
  | { readonly kind: "begin"; readonly settings: Settings; readonly weights?: Uint8Array | undefined }
  | { readonly kind: "go" }
  | { readonly kind: "step" }
  | { readonly kind: "pause" }
  | { readonly kind: "backend"; readonly name: BackendName }
  /** Which row's filters are to be told. */
  | { readonly kind: "look"; readonly row: number }
  | { readonly kind: "files"; readonly files: readonly File[] }
  | { readonly kind: "save" };

/** Where MNIST is, if this site has it: addresses of its four files by name. */
export type SiteData = Readonly<Record<string, string>>;

export type State = "preparing" | "ready" | "running" | "paused" | "done";

/** Where something went wrong. */
export type About = "backend" | "data" | "weights" | "training";

export interface Mistake {
  /** 28 × 28 bytes. */
  readonly pixels: Uint8Array;
  readonly is: number;
  readonly read: number;
  /** Of the digit that was read, 0 to 1. */
  readonly share: number;
}

export interface Test {
  readonly step: number;
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly count: number;
  /** `confusion[is * 10 + read]` pictures. */
  readonly confusion: readonly number[];
  /** The most certain of the wrong. */
  readonly mistakes: readonly Mistake[];
}

export interface Maps {
  readonly row: number;
  readonly step: number;
  /** (FN, C, FH, FW), or (units, inputs) of a dense layer. */
  readonly shape: readonly number[];
  readonly weights: Float32Array;
  /** Of the last step's loss. */
  readonly gradients: Float32Array;
}

export type Told =
  | { readonly kind: "state"; readonly state: State }
  | { readonly kind: "began"; readonly settings: Settings; readonly training: number; readonly testing: number }
  /** Losses of steps that follow each other; `first` counts from 1. Steps that were told before are done again. */
  | {
      readonly kind: "losses";
      readonly first: number;
      readonly losses: Float32Array;
      readonly stepsPerSecond: number;
      readonly epoch: number;
    }
  | { readonly kind: "test"; readonly test: Test }
  | { readonly kind: "maps"; readonly maps: Maps }
  | { readonly kind: "backend"; readonly name: BackendName; readonly variant: string }
  /** The device is gone; a training goes on from the copy of this step. */
  | { readonly kind: "lost"; readonly name: BackendName; readonly reason: string; readonly step: number }
  | { readonly kind: "problem"; readonly about: About; readonly error: ErrorFacts }
  | { readonly kind: "files"; readonly source: Source }
  | { readonly kind: "saved"; readonly bytes: Uint8Array; readonly layers: readonly LayerSpec[] };
