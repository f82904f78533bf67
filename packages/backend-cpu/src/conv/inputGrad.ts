/**
 * conv2dInputGrad: dx from dy and w. Also the transposed convolution.
 *
 * With stride 1 and padding below the window it is a convolution itself: of dy padded by D·(F − 1) − P, with the filters
 * turned by 180° and filters and channels exchanged; so it runs as one, Winograd's included, unless most of what it reads
 * would be that padding. Any other is the product dy · w, whose rows are the windows of dx, added up where they overlap.
 */
import type { ConvAttrs, Geometry } from "@tatamijs/core/backend";
import { panels } from "../gemm/panels.ts";
import { product } from "../gemm/product.ts";
import { columnsOf, rowsOf } from "../gemm/sides.ts";
import { once } from "../once.ts";
import { algorithmOf, isDepthwise, type ConvSize } from "./size.ts";

/** The convolution that this gradient is, if it is one and is best run as one. */
export function asConvolution(given: ConvSize): ConvSize | undefined {
  const { batch, channels, filters, attrs } = given;
  const { input, output, kernel, stride, padding, dilation, groups } = attrs;
  if (stride[0] !== 1 || stride[1] !== 1 || (groups !== 1 && !isDepthwise(given))) return undefined;
  const top = dilation[0] * (kernel[0] - 1) - padding[0];
  const left = dilation[1] * (kernel[1] - 1) - padding[1];
  if (top < 0 || left < 0) return undefined;
  const turned: Geometry = { input: output, output: input, kernel, stride, dilation, padding: [top, left, top, left] };
  const size = { batch, channels: filters, filters: channels, attrs: { ...turned, groups } };
  const waste = (input[0] * input[1]) / (output[0] * output[1]);
  return waste > 1.25 && algorithmOf(size) === "product" ? undefined : size;
}

export function inputGrad(size: ConvSize, dy: Float32Array, w: Float32Array, out: Float32Array): () => void {
  const { batch, channels, filters, attrs } = size;
  const { groups, kernel, output } = attrs;
  const count = channels / groups;
  const depth = filters / groups;
  const columns = kernel[0] * kernel[1] * count;
  const rows = batch * output[0] * output[1];
  const add = scatter();
  const runs = Array.from({ length: groups }, (_, group) => {
    const a = rowsOf(dy, group * depth, filters);
    return product(
      { rows, columns, depth },
      a,
      columnsOf(w, group * depth * columns, columns),
      (first, n, column, width) => add(out, first, n, column, width, channels, group * count, count, attrs),
    );
  });
  return () => {
    out.fill(0);
    for (let i = 0; i < runs.length; i++) runs[i]!();
  };
}

type Scatter = (
  out: Float32Array,
  first: number,
  rows: number,
  column: number,
  width: number,
  channels: number,
  from: number,
  count: number,
  attrs: ConvAttrs,
) => void;

/** Row m of c holds what window m gives back to the input: its elements `column` … `column + width`. */
const scatter: () => Scatter = once(() => {
  const { c } = panels();
  return (
    out,
    first,
    rows,
    column,
    width,
    channels,
    from,
    count,
    { input: [h, w], output: [oh, ow], kernel: [fh, fw], stride, padding, dilation },
  ) => {
    const last = column + width;
    for (let m = first; m < first + rows; m++) {
      const x0 = (m % ow) * stride[1] - padding[1];
      const y0 = (((m / ow) | 0) % oh) * stride[0] - padding[0];
      const image = ((m / (ow * oh)) | 0) * h;
      const row = (m - first) * width - column;
      for (let i = 0; i < fh; i++) {
        const y = y0 + i * dilation[0];
        if (y < 0 || y >= h) continue;
        for (let j = 0; j < fw; j++) {
          const x = x0 + j * dilation[1];
          if (x < 0 || x >= w) continue;
          const tap = (i * fw + j) * count;
          const start = Math.max(tap, column);
          const end = Math.min(tap + count, last);
          let at = ((image + y) * w + x) * channels + from + start - tap;
          for (let k = start; k < end; k++) out[at++]! += c[(row + k) | 0]!;
        }
      }
    }
  };
});
