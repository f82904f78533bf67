/**
 * The network that reads digits, and the one way from pictures (MNIST's bytes, or what `preprocess` gives) to its input:
 * training, `npm start` and the demo all go through here.
 *
 * LeNet's plan (LeCun et al. 1998) with relu and maximum pooling: 28 → 24 → 12 → 8 → 4, then two linear layers. 58,106
 * parameters. States are named as PyTorch names those of the same `nn.Sequential`: `0.weight` … `9.bias`.
 */
import { TatamiError, show } from "@tatamijs/core";
import { conv2d, flatten, generator, linear, maxPool2d, relu, sequential } from "@tatamijs/nn";
import type { Module } from "@tatamijs/nn";
import { SIDE } from "./preprocess.ts";

/** The digits 0 to 9: class k is the digit k. */
export const CLASSES = 10;

/** What the network takes: pictures [count, 1, 28, 28], 0 paper to 1 ink. */
export interface Pixels {
  readonly data: Float32Array;
  readonly shape: readonly [count: number, channels: 1, height: number, width: number];
}

/** The network, before training: first weights as PyTorch draws them, from a seed. It gives scores (logits) [count, 10]. */
export function digitsNetwork(seed = 0): Module {
  const options = { generator: generator(seed) };
  return sequential(
    conv2d(1, 12, 5, options),
    relu(),
    maxPool2d(2),
    conv2d(12, 24, 5, options),
    relu(),
    maxPool2d(2),
    flatten(),
    linear(24 * 4 * 4, 128, options),
    relu(),
    linear(128, CLASSES, options),
  );
}

/**
 * Pictures as bytes, 28 × 28 each one after the other in MNIST's scale (0 paper, 255 ink) → the network's input.
 *
 * @throws TatamiError "argument" for something other than bytes, "data-length" for a number that makes no whole pictures.
 */
export function pixels(images: Uint8Array): Pixels {
  if (!(images instanceof Uint8Array)) {
    throw new TatamiError("argument", `images is ${show(images)}; give a Uint8Array, as preprocess gives it`, {
      op: "pixels",
    });
  }
  const count = images.length / (SIDE * SIDE);
  if (!Number.isInteger(count)) {
    throw new TatamiError(
      "data-length",
      `images has ${images.length} bytes; give ${SIDE} × ${SIDE} = ${SIDE * SIDE} per picture`,
      { op: "pixels", details: { given: images.length } },
    );
  }
  // A plain loop: `Float32Array.from` with a function takes longer than the network does.
  const data = new Float32Array(images.length);
  for (let i = 0; i < data.length; i++) data[i] = (images[i] ?? 0) / 255;
  return { data, shape: [count, 1, SIDE, SIDE] };
}
