/**
 * What each output row (or column) of a map is made of: input rows and their weights. Average pooling, resizing and both
 * gradients are the same two sums with other taps; max pooling reads the taps alone.
 */
import type { Pair, PoolAttrs, ResizeAttrs } from "@tatamijs/core/backend";
import { float } from "../kernel.ts";

interface Tap {
  readonly at: number;
  readonly weight: number;
}

/** Of one output: what it is the sum of, and what the sum is divided by. */
export interface Mixed {
  readonly taps: readonly Tap[];
  readonly count: number;
}

type Axis = 0 | 1;

/** Windows along one axis. */
export function windows(axis: Axis, attrs: PoolAttrs): Mixed[] {
  const [size, before, after, step] = [
    attrs.input[axis],
    attrs.padding[axis],
    attrs.padding[axis + 2]!,
    attrs.dilation[axis],
  ];
  return Array.from({ length: attrs.output[axis] }, (_, o) => {
    const first = o * attrs.stride[axis] - before;
    const all = Array.from({ length: attrs.kernel[axis] }, (_, i) => first + i * step);
    const inside = all.filter((at) => at >= 0 && at < size);
    // What sticks out beyond the padding (rounding "ceil") is never counted.
    const counted = attrs.countIncludePad ? all.filter((at) => at < size + after) : inside;
    return { taps: inside.map((at) => ({ at, weight: 1 })), count: counted.length };
  });
}

const roundings = {
  floor: Math.floor,
  ceil: Math.ceil,
  "round-prefer-floor": (x: number) => Math.ceil(x - 0.5),
  "round-prefer-ceil": (x: number) => Math.floor(x + 0.5),
} as const;

/** The rows around each place that resizing reads. */
export function mixes(axis: Axis, { input, output, scale, mode, coordinates, nearest }: ResizeAttrs): Mixed[] {
  const size = input[axis];
  const count = output[axis];
  const clamp = (i: number): number => Math.min(Math.max(i, 0), size - 1);
  return Array.from({ length: count }, (_, o) => {
    const at =
      coordinates === "half-pixel"
        ? (o + 0.5) / scale[axis] - 0.5
        : coordinates === "align-corners"
          ? count === 1
            ? 0
            : (o * (size - 1)) / (count - 1)
          : o / scale[axis];
    const low = mode === "nearest" ? roundings[nearest](at) : Math.floor(at);
    const [first, second] = [clamp(low), clamp(low + 1)];
    const part = mode === "nearest" || first === second ? 0 : at - low;
    const taps = [
      { at: first, weight: 1 - part },
      { at: second, weight: part },
    ];
    return { taps: taps.filter(({ weight }) => weight !== 0), count: 1 };
  });
}

/** The other way: which outputs each of `size` inputs went into, each with its share. */
export function transposed(mixed: readonly Mixed[], size: number): Mixed[] {
  const taps: Tap[][] = Array.from({ length: size }, () => []);
  mixed.forEach(({ taps: from, count }, o) => {
    for (const { at, weight } of from) taps[at]!.push({ at: o, weight: weight / count });
  });
  return taps.map((list) => ({ taps: list, count: 1 }));
}

/** As assembly/mix.ts reads it; `step`: bytes from one input row to the next. */
export function tableOf(mixed: readonly Mixed[], step: number): Int32Array {
  const words: number[] = [];
  let next = (mixed.length + 1) * 2;
  for (const { taps, count } of mixed) {
    words.push(next * 4, float(count));
    next += taps.length * 2;
  }
  words.push(next * 4, 0);
  for (const { taps } of mixed) for (const { at, weight } of taps) words.push(at * step, float(weight));
  return Int32Array.from(words);
}

/** Two axes of a map. */
export interface Maps {
  readonly batch: number;
  readonly channels: number;
  /** Of what is read, and of what is written. */
  readonly input: Pair;
  readonly output: Pair;
  readonly rows: readonly Mixed[];
  readonly columns: readonly Mixed[];
}
