/** The layer interface: named states and a function from tensor to tensor. */
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

export interface Layer {
  /** Parameters and buffers by their PyTorch name: `weight`, `0.bias`. In the form users say: filters are (FN, C, FH, FW). */
  readonly state: Readonly<Record<string, Tensor>>;
  /** Names in `state` that no optimiser trains (running statistics). Default: none. */
  readonly buffers?: readonly string[];
  forward(x: Tensor, context: Context): Tensor;
}

/** What a layer may ask of the run it stands in. */
export interface Context {
  /** Dropout and batch norm differ between training and prediction. */
  readonly training: boolean;
  /** Uniform in [0, 1), f32, other values in each run and for each call. */
  random(shape: Shape): Tensor;
  /** `state` takes `value` at the end of the run (running statistics). */
  update(state: Tensor, value: Tensor): void;
}
