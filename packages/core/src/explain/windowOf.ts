/** Each op with a window, read alike: its geometry, where its numbers lie, and which channels meet which filters. */
import type { Geometry } from "../geometry.ts";
import type { ConvAttrs } from "../ops/conv2d.ts";
import type { LinearAttrs } from "../ops/linear.ts";
import type { MatmulAttrs } from "../ops/matmul.ts";
import type { PoolAttrs } from "../ops/pool2d.ts";
import type { ReduceAttrs } from "../ops/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { unbordered } from "./border.ts";
import type { MapShape, WindowOp } from "./data.ts";
import type { AddressOf, Place } from "./reading.ts";

export interface WindowReading {
  readonly op: WindowOp;
  readonly geometry: Geometry;
  /** Map and result. */
  readonly input: MapShape;
  readonly output: MapShape;
  readonly map: Tensor;
  /** The window's node. */
  readonly result: Tensor;
  /** Address in `map`. */
  readonly mapAt: AddressOf;
  /** Address in `result`. */
  readonly resultAt: AddressOf;
  /** Rows and columns whose values a border repeats, by place in the padded map. */
  readonly border: readonly [rows?: Int32Array | undefined, columns?: Int32Array | undefined];
  /** Pooling has none. */
  readonly weights?: Tensor;
  /** Address in `weights` of filter f, channel c of the map, kernel element (i, j). */
  weightAt(f: number, c: number, i: number, j: number): number;
  channelsOf(f: number): readonly number[];
  filtersOf(c: number): readonly number[];
  readonly bias?: Place | undefined;
  /** avgPool2d: padding counts as zeros. */
  readonly countIncludePad?: boolean;
}

/** How `t` reads as a window over one of its operands; undefined where it is none. */
export function windowOf(t: Tensor): WindowReading | undefined {
  return readers[t.op.name]?.(t);
}

const readers: Readonly<Record<string, (t: Tensor) => WindowReading | undefined>> = {
  conv2d(t) {
    const { groups, ...given } = t.attrs as ConvAttrs;
    const [x, weights] = t.inputs as [Tensor, Tensor];
    const { map, geometry, border } = unbordered(x, given);
    const [fn, fh, fw, depth] = weights.shape as unknown as readonly [number, number, number, number];
    const input = channelsFirst(map);
    return {
      op: "conv2d",
      result: t,
      geometry,
      border,
      map,
      weights,
      input,
      output: channelsFirst(t),
      mapAt: lastAddress(input),
      resultAt: lastAddress(channelsFirst(t)),
      weightAt: (f, c, i, j) => ((f * fh + i) * fw + j) * depth + (c % depth),
      channelsOf: groupOf(fn / groups, depth),
      filtersOf: groupOf(depth, fn / groups),
    };
  },
  conv2dInputGrad(t) {
    const { groups, ...geometry } = t.attrs as ConvAttrs;
    const [map, weights] = t.inputs as [Tensor, Tensor];
    const [channels, fh, fw, depth] = weights.shape as unknown as readonly [number, number, number, number];
    const input = channelsFirst(map);
    return {
      op: "convTranspose2d",
      result: t,
      geometry,
      border: [],
      map,
      weights,
      input,
      output: channelsFirst(t),
      mapAt: lastAddress(input),
      resultAt: lastAddress(channelsFirst(t)),
      weightAt: (f, c, i, j) => ((c * fh + i) * fw + j) * depth + (f % depth),
      channelsOf: groupOf(depth, channels / groups),
      filtersOf: groupOf(channels / groups, depth),
    };
  },
  pool2d(t) {
    const { fn, countIncludePad, ...geometry } = t.attrs as PoolAttrs;
    const map = t.inputs[0]!;
    const input = channelsFirst(map);
    return {
      ...pooling,
      op: `${fn}Pool2d`,
      result: t,
      geometry,
      map,
      input,
      output: channelsFirst(t),
      mapAt: lastAddress(input),
      resultAt: lastAddress(channelsFirst(t)),
      countIncludePad,
    };
  },
  /** The mean or the largest of each map: a window as large as the map. */
  reduce(t) {
    const { fn, axes } = t.attrs as ReduceAttrs;
    const map = t.inputs[0]!;
    const [n, c, h, w] = map.shape.length === 3 ? [1, ...map.shape] : map.shape;
    if ((fn !== "mean" && fn !== "max") || w === undefined || map.shape.length > 4) return undefined;
    if (axes.length !== 2 || axes[1] !== map.shape.length - 1 || axes[0] !== axes[1] - 1) return undefined;
    const size = [h!, w] as const;
    return {
      ...pooling,
      op: fn === "max" ? "maxPool2d" : "avgPool2d",
      result: t,
      geometry: { input: size, kernel: size, output: [1, 1], stride: size, padding: [0, 0, 0, 0], dilation: [1, 1] },
      map,
      input: [n!, c!, h!, w],
      output: [n!, c!, 1, 1],
      mapAt: (ni, ci, y, x) => ((ni * c! + ci) * h! + y) * w + x,
      resultAt: (ni, ci) => ni * c! + ci,
      countIncludePad: false,
    };
  },
  linear(t) {
    const { tb } = t.attrs as LinearAttrs;
    const [map, weights, b] = t.inputs as [Tensor, Tensor, Tensor?];
    return dense(t, map, weights, tb, b === undefined ? undefined : { of: b, at: (_, f) => f });
  },
  matmul(t) {
    const { ta, tb } = t.attrs as MatmulAttrs;
    const [map, weights] = t.inputs as [Tensor, Tensor];
    return ta || t.shape.length !== 2 ? undefined : dense(t, map, weights, tb, undefined);
  },
};

/** Each filter is its own channel's. */
const pooling = {
  border: [],
  weightAt: () => 0,
  channelsOf: (f: number) => [f],
  filtersOf: (c: number) => [c],
} as const;

function dense(t: Tensor, map: Tensor, weights: Tensor, tb: boolean, bias: Place | undefined): WindowReading {
  const [rows, features] = map.shape as unknown as readonly [number, number];
  const outputs = t.shape[1]!;
  return {
    op: "linear",
    result: t,
    geometry: {
      input: [1, features],
      kernel: [1, features],
      output: [1, 1],
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      dilation: [1, 1],
    },
    border: [],
    map,
    weights,
    bias,
    input: [rows, 1, 1, features],
    output: [rows, outputs, 1, 1],
    mapAt: (n, _, __, x) => n * features + x,
    resultAt: (n, f) => n * outputs + f,
    weightAt: (f, _, __, j) => (tb ? f * features + j : j * outputs + f),
    channelsOf: () => [0],
    filtersOf: () => range(0, outputs),
  };
}

/** [N, H, W, C] as (N, C, H, W). */
function channelsFirst({ shape }: Tensor): MapShape {
  const [n, h, w, c] = shape as unknown as MapShape;
  return [n, c, h, w];
}

function lastAddress([, channels, height, width]: MapShape): AddressOf {
  return (n, c, y, x) => ((n * height + y) * width + x) * channels + c;
}

/** Of elements in groups of `own`: the elements on the other side, in groups of `others`, of the same group. */
function groupOf(own: number, others: number): (one: number) => number[] {
  return (one) => range(Math.floor(one / own) * others, others);
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
