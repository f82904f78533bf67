/** The convolution of any size: patches times filters. */
import { store } from "../gemm/finish.ts";
import { patches } from "../gemm/patches.ts";
import { product } from "../gemm/product.ts";
import { rowsOf } from "../gemm/sides.ts";
import type { Sums } from "./convolution.ts";
import type { ConvSize } from "./size.ts";

/** One product per group: rows are output pixels, columns filters, depth a window. */
export function products({ batch, channels, filters, attrs }: ConvSize): Sums {
  const { groups, kernel, input, output, stride, padding } = attrs;
  const save = store();
  const count = channels / groups;
  const columns = filters / groups;
  const depth = kernel[0] * kernel[1] * count;
  const rows = batch * output[0] * output[1];
  // A 1×1 convolution whose windows are the pixels (in a gradient of one the maps may differ in size).
  const same = input[0] === output[0] && input[1] === output[1];
  const plain =
    groups === 1 && kernel[0] * kernel[1] === 1 && same && stride[0] * stride[1] === 1 && padding[0] + padding[1] === 0;
  return (x, w, bias, out, finish) => {
    const runs = Array.from({ length: groups }, (_, group) => {
      const from = group * count;
      const a = plain ? rowsOf(x, 0, channels) : patches({ x, geometry: attrs, channels, from, count });
      const offset = group * columns;
      return product({ rows, columns, depth }, a, rowsOf(w, offset * depth, depth), (first, n, column, width) => {
        save(out, first * filters + offset + column, filters, n, width, bias, offset + column);
        if (column + width === filters) finish(first * filters, n * filters);
      });
    });
    return () => {
      for (let i = 0; i < runs.length; i++) runs[i]!();
      if (groups > 1) finish(0, out.length);
    };
  };
}
