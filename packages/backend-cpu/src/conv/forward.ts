/** conv2d with bias, residual and activation: which algorithm, and the general one (patches times filters). */
import type { Activation, ConvAttrs } from "@tatamijs/core/backend";
import { after, store } from "../gemm/finish.ts";
import { patches } from "../gemm/patches.ts";
import { product } from "../gemm/product.ts";
import { rowsOf } from "../gemm/sides.ts";
import { winograd, winogradBytes, winogradPays } from "../winograd/conv3x3.ts";
import { depthwise, isDepthwise } from "./depthwise.ts";

export interface ConvSize {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly attrs: ConvAttrs;
}

export interface ConvOperands {
  /** NHWC. */
  readonly x: Float32Array;
  /** OHWI, or for "winograd" transformed. */
  readonly w: Float32Array | Float64Array;
  readonly bias: Float32Array | undefined;
  readonly residual: Float32Array | undefined;
  readonly activation: Activation;
  readonly out: Float32Array;
}

export type Algorithm = "winograd" | "depthwise" | "product";

export function algorithmOf({ batch, channels, filters, attrs }: ConvSize): Algorithm {
  if (winogradPays({ batch, channels, filters, geometry: attrs }, attrs)) return "winograd";
  return isDepthwise(channels, filters, attrs) ? "depthwise" : "product";
}

/** Bytes of filters in the form that an algorithm takes, where it is not their own. */
export function packedBytes({ batch, channels, filters, attrs }: ConvSize): number {
  return winogradBytes({ batch, channels, filters, geometry: attrs });
}

/** Fixes a convolution of these sizes on these arrays. */
export function convolve(size: ConvSize, algorithm: Algorithm, operands: ConvOperands): () => void {
  const { batch, channels, filters, attrs } = size;
  const { x, w, bias, out } = operands;
  const finish = after(out, operands.residual, operands.activation);
  if (algorithm === "winograd") {
    const run = winograd({ batch, channels, filters, geometry: attrs }, x, w as Float64Array, bias, out);
    return () => {
      run();
      finish(0, out.length);
    };
  }
  if (algorithm === "depthwise") {
    const run = depthwise(batch, channels, attrs, x, w as Float32Array, bias, out);
    return () => {
      run();
      finish(0, out.length);
    };
  }
  const pixels = batch * attrs.output[0] * attrs.output[1];
  const run = products(
    size,
    x,
    w as Float32Array,
    bias ?? new Float32Array(filters),
    out,
    attrs.groups === 1 ? finish : undefined,
  );
  if (attrs.groups === 1) return run;
  return () => {
    run();
    finish(0, pixels * filters);
  };
}

/** One product per group: rows are output pixels, columns filters, depth a window. */
function products(
  { batch, channels, filters, attrs }: ConvSize,
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  finish: ((at: number, n: number) => void) | undefined,
): () => void {
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
  const runs = Array.from({ length: groups }, (_, group) => {
    const from = group * count;
    const a = plain ? rowsOf(x, 0, channels) : patches({ x, geometry: attrs, channels, from, count });
    const offset = group * columns;
    return product({ rows, columns, depth }, a, rowsOf(w, offset * depth, depth), (first, n, column, width) => {
      save(out, first * filters + offset + column, filters, n, width, bias, offset + column);
      if (finish !== undefined && column + width === columns) finish(first * filters, n * filters);
    });
  });
  return () => {
    for (let i = 0; i < runs.length; i++) runs[i]!();
  };
}
