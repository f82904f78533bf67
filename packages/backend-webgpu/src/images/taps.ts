/**
 * What each output row (or column) of a map is made of: input rows and their weights. Average pooling, resizing and both
 * gradients are the same two sums with other taps; max pooling reads the taps alone.
 */
import type { Pair, PoolAttrs, ResizeAttrs } from "@tatamijs/core/backend";
import { bits } from "../shader.ts";

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
  const { input, output, kernel, stride, padding, dilation, countIncludePad } = attrs;
  const size = input[axis];
  const end = size + padding[axis + 2]!;
  return Array.from({ length: output[axis] }, (_, o) => {
    const first = o * stride[axis] - padding[axis];
    const all = Array.from({ length: kernel[axis] }, (_unused, i) => first + i * dilation[axis]);
    const inside = all.filter((at) => at >= 0 && at < size);
    // What sticks out beyond the padding (rounding "ceil") is never counted.
    const counted = countIncludePad ? all.filter((at) => at < end) : inside;
    return { taps: inside.map((at) => ({ at, weight: 1 })), count: counted.length };
  });
}

const roundings = {
  floor: Math.floor,
  ceil: Math.ceil,
  "round-prefer-floor": (x: number) => Math.ceil(x - 0.5),
  "round-prefer-ceil": (x: number) => Math.floor(x + 0.5),
} as const;

/** Where output `o` stands in the input. */
function position(axis: Axis, o: number, { input, output, scale, coordinates }: ResizeAttrs): number {
  if (coordinates === "half-pixel") return (o + 0.5) / scale[axis] - 0.5;
  if (coordinates === "asymmetric") return o / scale[axis];
  return output[axis] === 1 ? 0 : (o * (input[axis] - 1)) / (output[axis] - 1);
}

/** The rows around each place that resizing reads. */
export function mixes(axis: Axis, attrs: ResizeAttrs): Mixed[] {
  const { input, output, mode, nearest } = attrs;
  const clamp = (i: number): number => Math.min(Math.max(i, 0), input[axis] - 1);
  return Array.from({ length: output[axis] }, (_, o) => {
    const at = position(axis, o, attrs);
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

/** Words: for each output the place of its first tap and its count (f32); one more place as the end; then taps, two words each. */
export function tableOf(mixed: readonly Mixed[]): Uint32Array<ArrayBuffer> {
  const head: number[] = [];
  const tail: number[] = [];
  const start = (mixed.length + 1) * 2;
  for (const { taps, count } of mixed) {
    head.push(start + tail.length, bits(count));
    for (const { at, weight } of taps) tail.push(at, bits(weight));
  }
  return Uint32Array.from([...head, start + tail.length, 0, ...tail]);
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
