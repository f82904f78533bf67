/** conv2dWeightGrad: dw = dyᵀ · patches(x), the sum over pixels taken in blocks. */
import { store } from "../gemm/finish.ts";
import { bThird } from "../gemm/panels.ts";
import { turnedPatches } from "../gemm/patches.ts";
import { product } from "../gemm/product.ts";
import { columnsOf } from "../gemm/sides.ts";
import type { ConvSize } from "./size.ts";

export function weightGrad(
  { batch, channels, filters, attrs }: ConvSize,
  x: Float32Array,
  dy: Float32Array,
  out: Float32Array,
): () => void {
  const { groups, kernel, output } = attrs;
  const count = channels / groups;
  const rows = filters / groups;
  const columns = kernel[0] * kernel[1] * count;
  const depth = batch * output[0] * output[1];
  const save = store();
  const zeros = new Float32Array(columns);
  // As many pixels at once as leave room for all columns, but never sums too short for the tile loop.
  const deepest = Math.max(256, Math.floor((3 * bThird) / (columns + 3)));
  const runs = Array.from({ length: groups }, (_, group) =>
    product(
      { rows, columns, depth },
      columnsOf(dy, group * rows, filters),
      turnedPatches({ x, geometry: attrs, channels, from: group * count, count }),
      (first, n, column, width) => save(out, (group * rows + first) * columns + column, columns, n, width, zeros, 0),
      deepest,
    ),
  );
  return () => {
    for (let i = 0; i < runs.length; i++) runs[i]!();
  };
}
