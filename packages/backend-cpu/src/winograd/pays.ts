/** When Winograd's algorithm beats direct sums. Apart from the algorithm, which is fetched when it does. */
import { aThird, cSize } from "../gemm/panels.ts";
import type { ConvSize } from "../conv/size.ts";

/** Points of the transformed window. */
const points = 36;

/** Tiles of 4×4 results in the whole batch. */
function tilesOf({ batch, attrs: { output } }: ConvSize): number {
  return batch * Math.ceil(output[0] / 4) * Math.ceil(output[1] / 4);
}

/** How many parts the tiles are worked on in, so that the transforms of each fit into the panels. */
export function partsOf(size: ConvSize): number {
  const { channels, filters } = size;
  const most = Math.min(3 * Math.floor(aThird / (points * channels)), Math.floor(cSize / (points * filters)));
  return Math.ceil(tilesOf(size) / Math.max(3, most));
}

/** Nanoseconds as measured on one machine; only their ratios matter. */
export function winogradPays(size: ConvSize): boolean {
  const { batch, channels, filters, attrs } = size;
  const { kernel, stride, dilation, output, groups } = attrs;
  if (
    groups !== 1 ||
    kernel[0] !== 3 ||
    kernel[1] !== 3 ||
    stride[0] * stride[1] !== 1 ||
    dilation[0] * dilation[1] !== 1
  )
    return false;
  if (channels > 1024 || filters > 1024 || channels < 4 || filters < 4) return false;
  const tiles = tilesOf(size);
  const rows = batch * output[0] * output[1];
  const parts = partsOf(size);
  const direct = rows * 9 * channels * (0.5 + 0.2 * filters);
  const transforms = tiles * (45 * channels + 35 * filters);
  const products =
    points *
    (Math.ceil(tiles / (3 * parts)) * 3 * parts * channels * filters * 0.2 + parts * channels * filters * 0.25);
  return transforms + products < 0.9 * direct;
}
