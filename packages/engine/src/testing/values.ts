/**
 * The meaning of every primitive in loops that are slow and plain: what the engine's tests run on and compare with.
 * Not shipped, and no oracle: that is the conformance kit's.
 */
import {
  sizeOf,
  stridesOf,
  TatamiError,
  typedArray,
  type ArgReduceAttrs,
  type ConvAttrs,
  type MatmulAttrs,
  type PoolAttrs,
  type AnyOp,
  type ScatterAddAttrs,
  type Spec,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import { topological } from "../graph.ts";

type Meaning = (inputs: readonly TypedArray[], attrs: never, output: Spec, specs: readonly Spec[]) => TypedArray;

/** Every output element × every window element: f(batch, output row and column, input row and column, kernel row and column). */
function windows(
  { input, kernel, output, stride, padding, dilation }: ConvAttrs | PoolAttrs,
  f: (oy: number, ox: number, iy: number, ix: number, ky: number, kx: number) => void,
): void {
  for (let oy = 0; oy < output[0]; oy++) {
    for (let ox = 0; ox < output[1]; ox++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++) {
          const iy = oy * stride[0] - padding[0] + ky * dilation[0];
          const ix = ox * stride[1] - padding[1] + kx * dilation[1];
          if (iy >= 0 && iy < input[0] && ix >= 0 && ix < input[1]) f(oy, ox, iy, ix, ky, kx);
        }
      }
    }
  }
}

/** Σ over the trilinear form of convolution: `visit(map, filter, result)` gets flat indices. */
function triad(
  attrs: ConvAttrs,
  batch: number,
  channels: number,
  filters: number,
  visit: (x: number, w: number, y: number) => void,
): void {
  const { input, kernel, output, groups } = attrs;
  const [cg, fg] = [channels / groups, filters / groups];
  windows(attrs, (oy, ox, iy, ix, ky, kx) => {
    for (let n = 0; n < batch; n++) {
      for (let k = 0; k < filters; k++) {
        for (let c = 0; c < cg; c++) {
          const x = ((n * input[0] + iy) * input[1] + ix) * channels + Math.floor(k / fg) * cg + c;
          const w = ((k * kernel[0] + ky) * kernel[1] + kx) * cg + c;
          visit(x, w, ((n * output[0] + oy) * output[1] + ox) * filters + k);
        }
      }
    }
  });
}

const meanings: Readonly<Record<string, Meaning>> = {
  conv2d([x, w], attrs: ConvAttrs, output, [sx]) {
    const sum = new Float64Array(sizeOf(output.shape));
    triad(attrs, sx!.shape[0]!, sx!.shape[3]!, output.shape[3]!, (a, b, c) => (sum[c]! += x![a]! * w![b]!));
    return rounded(sum, output);
  },
  conv2dInputGrad([dy, w], attrs: ConvAttrs, output, [sy]) {
    const sum = new Float64Array(sizeOf(output.shape));
    triad(attrs, sy!.shape[0]!, output.shape[3]!, sy!.shape[3]!, (a, b, c) => (sum[a]! += dy![c]! * w![b]!));
    return rounded(sum, output);
  },
  conv2dWeightGrad([x, dy], attrs: ConvAttrs, output, [sx, sy]) {
    const sum = new Float64Array(sizeOf(output.shape));
    triad(attrs, sx!.shape[0]!, sx!.shape[3]!, sy!.shape[3]!, (a, b, c) => (sum[b]! += x![a]! * dy![c]!));
    return rounded(sum, output);
  },
  matmul([a, b], { ta, tb }: MatmulAttrs, output, [sa, sb]) {
    const sum = new Float64Array(sizeOf(output.shape));
    const rank = output.shape.length;
    const [m, n] = [output.shape[rank - 2]!, output.shape[rank - 1]!];
    const k = sa!.shape[ta ? rank - 2 : rank - 1]!;
    const outer = output.shape.slice(0, -2);
    const strides = stridesOf(outer);
    const base = (spec: Spec, batch: number): number => {
      const own = stridesOf(spec.shape);
      return outer.reduce(
        (at, dim, axis) => at + (spec.shape[axis] === 1 ? 0 : (Math.floor(batch / strides[axis]!) % dim) * own[axis]!),
        0,
      );
    };
    for (let batch = 0; batch < sizeOf(outer); batch++) {
      const [p, q] = [base(sa!, batch), base(sb!, batch)];
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          for (let l = 0; l < k; l++)
            sum[(batch * m + i) * n + j]! +=
              a![p + (ta ? l * m + i : i * k + l)]! * b![q + (tb ? j * k + l : l * n + j)]!;
        }
      }
    }
    return rounded(sum, output);
  },
  pool2d([x], attrs: PoolAttrs, output) {
    const { input, fn, countIncludePad, kernel } = attrs;
    const [batch, , , channels] = output.shape as [number, number, number, number];
    const out = new Float64Array(sizeOf(output.shape));
    const count = new Int32Array(out.length);
    windows(attrs, (oy, ox, iy, ix) => {
      for (let n = 0; n < batch; n++) {
        for (let c = 0; c < channels; c++) {
          const o = ((n * attrs.output[0] + oy) * attrs.output[1] + ox) * channels + c;
          const v = x![((n * input[0] + iy) * input[1] + ix) * channels + c]!;
          if (fn === "avg") out[o]! += v;
          else if (count[o] === 0 || v > out[o]! || Number.isNaN(v)) out[o] = v;
          count[o]!++;
        }
      }
    });
    if (fn === "avg")
      for (let i = 0; i < out.length; i++) out[i]! /= countIncludePad ? kernel[0] * kernel[1] : count[i]!;
    return rounded(out, output);
  },
  pool2dGrad([dy, x], attrs: PoolAttrs, output, [sy]) {
    const { input, fn, countIncludePad, kernel } = attrs;
    const [batch, , , channels] = output.shape as [number, number, number, number];
    const out = new Float64Array(sizeOf(output.shape));
    const best = new Int32Array(sizeOf(sy!.shape)).fill(-1);
    const count = new Int32Array(best.length);
    const each = (f: (o: number, i: number) => void): void =>
      windows(attrs, (oy, ox, iy, ix) => {
        for (let n = 0; n < batch; n++) {
          for (let c = 0; c < channels; c++)
            f(
              ((n * attrs.output[0] + oy) * attrs.output[1] + ox) * channels + c,
              ((n * input[0] + iy) * input[1] + ix) * channels + c,
            );
        }
      });
    each((o, i) => {
      count[o]!++;
      if (fn === "max" && (best[o]! < 0 || x![i]! > x![best[o]!]!)) best[o] = i;
    });
    if (fn === "max") best.forEach((i, o) => (out[i]! += dy![o]!));
    else each((o, i) => (out[i]! += dy![o]! / (countIncludePad ? kernel[0] * kernel[1] : count[o]!)));
    return rounded(out, output);
  },
  argReduce([x], { fn, axis }: ArgReduceAttrs, output, [spec]) {
    const out = new Int32Array(sizeOf(output.shape));
    const inner = sizeOf(spec!.shape.slice(axis + 1));
    const size = spec!.shape[axis]!;
    for (let o = 0; o < out.length; o++) {
      const at = (k: number): number => x![(Math.floor(o / inner) * size + k) * inner + (o % inner)]!;
      for (let k = 1; k < size; k++) {
        const better = fn === "max" ? at(k) > at(out[o]!) : at(k) < at(out[o]!);
        if (!Number.isNaN(at(out[o]!)) && (better || Number.isNaN(at(k)))) out[o] = k;
      }
    }
    return out;
  },
  scatterAdd([y, indices], { axis, size }: ScatterAddAttrs, output, [spec]) {
    const sum = new Float64Array(sizeOf(output.shape));
    const inner = sizeOf(spec!.shape.slice(axis + 1));
    const n = spec!.shape[axis]!;
    for (let i = 0; i < y!.length; i++) {
      const block = Math.floor(i / inner);
      const to = indices![block % n]!;
      if (to >= 0 && to < size) sum[(Math.floor(block / n) * size + to) * inner + (i % inner)]! += y![i]!;
    }
    return rounded(sum, output);
  },
};

function rounded(values: Float64Array, { dtype }: Spec): TypedArray {
  const out = typedArray(dtype, values.length);
  out.set(values);
  return out;
}

export function means(op: AnyOp): boolean {
  return op.kind === "primitive" && (op.value !== undefined || op.name in meanings);
}

export function valueOf(
  op: AnyOp,
  inputs: readonly TypedArray[],
  attrs: unknown,
  output: Spec,
  specs: readonly Spec[],
): TypedArray {
  if (op.kind === "primitive" && op.value !== undefined) return op.value(inputs, attrs, output, specs);
  const meaning = meanings[op.name];
  if (meaning === undefined) throw new TatamiError("internal", `the test interpreter has no ${op.name}`);
  return meaning(inputs, attrs as never, output, specs);
}

/** Values of `roots`, leaves being given (else they are their own). */
export function interpret(roots: readonly Tensor[], given: ReadonlyMap<Tensor, TypedArray> = new Map()): TypedArray[] {
  const known = new Map<Tensor, TypedArray>(given);
  const next = (y: Tensor): readonly Tensor[] =>
    known.has(y) ? [] : y.op.kind === "composite" ? [y.op.expand(y.inputs, y.attrs)] : y.inputs;
  const memo = new Map<Tensor, readonly Tensor[]>();
  const needs = (y: Tensor): readonly Tensor[] => {
    const list = memo.get(y) ?? next(y);
    memo.set(y, list);
    return list;
  };
  for (const y of topological(roots, needs)) {
    if (known.has(y)) continue;
    if (y.data !== undefined) known.set(y, y.data);
    else if (y.op.kind === "composite") known.set(y, known.get(needs(y)[0]!)!);
    else
      known.set(
        y,
        valueOf(
          y.op,
          y.inputs.map((x) => known.get(x)!),
          y.attrs,
          y,
          y.inputs,
        ),
      );
  }
  return roots.map((y) => known.get(y)!);
}
