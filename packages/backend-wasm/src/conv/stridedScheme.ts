/** Which convolutions of stride 2 gain by Winograd's algorithm; see winogradStrided.ts. */
import type { ConvAttrs } from "@tatamijs/core/backend";
import type { WinogradSize } from "./winograd.ts";

/** What differs by the size of the window. */
export interface Scheme {
  /** Of kernels: `winogradStrided3Input` … */
  readonly code: string;
  readonly taps: number;
  /** Outputs of a tile along an axis. */
  readonly outputs: number;
  readonly points: number;
  /** Products of a tile for each channel and filter. */
  readonly products: number;
  /** What the transforms cost for each channel and each filter of a tile, in multiply–adds. */
  readonly spread: number;
  readonly gather: number;
  /** Bytes that a thread keeps for itself. */
  readonly local: number;
}

const schemes: readonly Scheme[] = [
  { code: "winogradStrided3", taps: 3, outputs: 2, points: 9, products: 25, spread: 100, gather: 150, local: 0 },
  { code: "winogradStrided7", taps: 5, outputs: 4, points: 36, products: 144, spread: 1000, gather: 600, local: 2304 },
  { code: "winogradStrided7", taps: 7, outputs: 3, points: 36, products: 144, spread: 1000, gather: 550, local: 2304 },
];

/** The scheme of a convolution that it makes faster. */
export function stridedScheme({ batch, channels, filters }: WinogradSize, attrs: ConvAttrs): Scheme | undefined {
  const { kernel, stride, dilation, groups, output } = attrs;
  const scheme = schemes.find(({ taps }) => kernel.every((k) => k === taps));
  if (scheme === undefined || stride.some((k) => k !== 2) || [...dilation, groups].some((k) => k !== 1))
    return undefined;
  const { taps, outputs, products, spread, gather } = scheme;
  const tiles = batch * Math.ceil(output[0] / outputs) * Math.ceil(output[1] / outputs);
  const tile = products * channels * filters + spread * channels + gather * filters;
  return taps ** 2 * channels * filters * batch * output[0] * output[1] > 1.1 * tile * tiles ? scheme : undefined;
}
