/** A convolution's sizes, and which algorithm they make the fastest. */
import type { Call, ConvAttrs } from "@tatamijs/core/backend";
import { winogradPays } from "../winograd/pays.ts";

export interface ConvSize {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  /** Those of the convolution; a composite's own may stand beside them. */
  readonly attrs: ConvAttrs;
}

export type Algorithm = "winograd" | "depthwise" | "product";

export function algorithmOf(size: ConvSize): Algorithm {
  if (winogradPays(size)) return "winograd";
  return isDepthwise(size) ? "depthwise" : "product";
}

/** Has each channel one filter and no other? */
export function isDepthwise({ channels, filters, attrs: { groups } }: ConvSize): boolean {
  return groups > 1 && groups === channels && filters === channels;
}

/** Of a call on x (NHWC) and w (OHWI). */
export function sizeOfConv({ inputs: [x, w] }: Pick<Call, "inputs">, attrs: ConvAttrs): ConvSize {
  return { batch: x!.shape[0]!, channels: x!.shape[3]!, filters: w!.shape[0]!, attrs };
}
