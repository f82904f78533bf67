/** Resizing and its gradient. Fetched when the first network asks for it. */
import type { Call, Pair, ResizeAttrs } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";

/** What output row (or column) o mixes: input rows `first[o]` and `second[o]`, the second with weight `weight[o]`. */
interface Mix {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float64Array;
}

const roundings = {
  floor: Math.floor,
  ceil: Math.ceil,
  "round-prefer-floor": (x: number) => Math.ceil(x - 0.5),
  "round-prefer-ceil": (x: number) => Math.floor(x + 0.5),
} as const;

function mixes(axis: 0 | 1, { input, output, scale, mode, coordinates, nearest }: ResizeAttrs): Mix {
  const size = input[axis];
  const count = output[axis];
  const mix: Mix = { first: new Int32Array(count), second: new Int32Array(count), weight: new Float64Array(count) };
  const clamp = (i: number): number => Math.min(Math.max(i, 0), size - 1);
  for (let o = 0; o < count; o++) {
    const at =
      coordinates === "half-pixel"
        ? (o + 0.5) / scale[axis] - 0.5
        : coordinates === "align-corners"
          ? count === 1
            ? 0
            : (o * (size - 1)) / (count - 1)
          : o / scale[axis];
    const low = mode === "nearest" ? roundings[nearest](at) : Math.floor(at);
    mix.first[o] = clamp(low);
    mix.second[o] = mode === "nearest" ? clamp(low) : clamp(low + 1);
    mix.weight[o] = mode === "nearest" ? 0 : at - low;
  }
  return mix;
}

interface Maps {
  readonly batch: number;
  readonly input: Pair;
  readonly output: Pair;
  readonly channels: number;
}

export function resize2d({ attrs, inputs: [x] }: Call<"resize2d">): CpuKernel {
  const rows = mixes(0, attrs);
  const columns = mixes(1, attrs);
  const maps: Maps = { batch: x!.shape[0]!, input: attrs.input, output: attrs.output, channels: x!.shape[3]! };
  return {
    bind({ inputs, output }) {
      const [from, to] = [inputs[0] as Float32Array, output as Float32Array];
      return () => spread(maps, rows, columns, from, to);
    },
  };
}

function spread(
  { batch, input: [h, w], output: [oh, ow], channels }: Maps,
  rows: Mix,
  columns: Mix,
  x: Float32Array,
  out: Float32Array,
): void {
  let to = 0;
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = (n * h + rows.first[oy]!) * w;
      const bottom = (n * h + rows.second[oy]!) * w;
      const v = rows.weight[oy]!;
      for (let ox = 0; ox < ow; ox++) {
        const left = columns.first[ox]!;
        const right = columns.second[ox]!;
        const u = columns.weight[ox]!;
        const a = (top + left) * channels;
        const b = (top + right) * channels;
        const c = (bottom + left) * channels;
        const d = (bottom + right) * channels;
        for (let k = 0; k < channels; k++) {
          const upper = u === 0 ? x[a + k]! : x[a + k]! * (1 - u) + x[b + k]! * u;
          out[to++] =
            v === 0 ? upper : upper * (1 - v) + (u === 0 ? x[c + k]! : x[c + k]! * (1 - u) + x[d + k]! * u) * v;
        }
      }
    }
  }
}

/** The transpose of resize2d: each output's gradient goes back to what it mixed. Sums are taken in doubles. */
export function resize2dGrad({ attrs, inputs: [dy] }: Call<"resize2dGrad">): CpuKernel {
  const rows = mixes(0, attrs);
  const columns = mixes(1, attrs);
  const [h, w] = attrs.input;
  const [oh, ow] = attrs.output;
  const batch = dy!.shape[0]!;
  const channels = dy!.shape[3]!;
  const total = batch * h * w * channels;
  return {
    scratch: total * 8,
    bind({ inputs, output, scratch }) {
      const from = inputs[0] as Float32Array;
      const sums = scratch.subarray(0, total);
      return () => {
        sums.fill(0);
        let at = 0;
        for (let n = 0; n < batch; n++) {
          for (let oy = 0; oy < oh; oy++) {
            const v = rows.weight[oy]!;
            for (let ox = 0; ox < ow; ox++) {
              const u = columns.weight[ox]!;
              const top = (n * h + rows.first[oy]!) * w;
              const bottom = (n * h + rows.second[oy]!) * w;
              const left = columns.first[ox]!;
              const right = columns.second[ox]!;
              add(sums, (top + left) * channels, from, at, channels, (1 - u) * (1 - v));
              if (u !== 0) add(sums, (top + right) * channels, from, at, channels, u * (1 - v));
              if (v !== 0) add(sums, (bottom + left) * channels, from, at, channels, (1 - u) * v);
              if (u !== 0 && v !== 0) add(sums, (bottom + right) * channels, from, at, channels, u * v);
              at += channels;
            }
          }
        }
        output.set(sums);
      };
    },
  };
}

function add(sums: Float64Array, to: number, x: Float32Array, from: number, n: number, weight: number): void {
  for (let i = 0; i < n; i++) sums[to + i]! += x[from + i]! * weight;
}
