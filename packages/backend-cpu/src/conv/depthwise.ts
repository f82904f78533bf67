/**
 * Depthwise convolution: each channel has its own window and no other.
 *
 * 3×3 with columns next to each other has its own loop: along a row of one channel, the nine filter values in locals, and
 * each column of three inputs used once, for the (up to) three results that it belongs to. The three input rows lie in
 * three panels, so that three loads share an index (see gemm/panels.ts). Any other window takes the plain loop.
 */
import type { ConvAttrs } from "@tatamijs/core/backend";
import type { Panels } from "../gemm/panels.ts";
import type { Sums, Tools } from "./convolution.ts";
import type { ConvSize } from "./size.ts";

export function depthwise({ batch, channels, attrs }: ConvSize, { panels }: Tools): Sums {
  const { kernel, input, output, stride, padding, dilation } = attrs;
  const all = panels();
  const width = Math.max(padding[1] + input[1], (output[1] - 1) * stride[1] + 3);
  const fits = Math.max(width, 3) * channels <= all.a0.length;
  const special = kernel[0] === 3 && kernel[1] === 3 && dilation[1] === 1 && fits && stride[1] <= 2;
  return (x, w, bias, out, finish) => {
    const run = special
      ? rows3(batch, channels, attrs, x, w, bias, out, width, all)
      : plain(batch, channels, attrs, x, w, bias, out);
    return () => {
      run();
      finish(0, out.length);
    };
  };
}

function rows3(
  batch: number,
  channels: number,
  { input: [h, wide], output: [oh, ow], stride: [sh, sw], padding: [top, left], dilation: [dh] }: ConvAttrs,
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  width: number,
  all: Panels,
): () => void {
  const { a0, a1, a2, b0, b1, b2, c } = all;
  const rows = [a0, a1, a2];
  loops ??= [everyColumn(all), everyOther(all)];
  const run = loops[sw - 1]!;
  const views = Array.from({ length: batch * h }, (_, y) => x.subarray(y * wide * channels, (y + 1) * wide * channels));
  return () => {
    for (let k = 0; k < channels; k++) {
      c[k] = bias[k]!;
      for (let j = 0; j < 3; j++) {
        b0[j * channels + k] = w[k * 9 + j]!;
        b1[j * channels + k] = w[k * 9 + 3 + j]!;
        b2[j * channels + k] = w[k * 9 + 6 + j]!;
      }
    }
    for (let i = 0; i < 3; i++) rows[i]!.fill(0, 0, width * channels);
    for (let n = 0; n < batch; n++) {
      for (let oy = 0; oy < oh; oy++) {
        for (let i = 0; i < 3; i++) {
          const y = oy * sh + i * dh - top;
          const row = rows[i]!;
          if (y < 0 || y >= h) row.fill(0, left * channels, (left + wide) * channels);
          else row.set(views[n * h + y]!, left * channels);
        }
        const to = (n * oh + oy) * ow * channels;
        for (let k = 0; k < channels; k += group) run(out, to, channels, k, Math.min(group, channels - k), ow);
      }
    }
  };
}

/** Channels at a time: their part of a row stays in the first-level cache while it is walked channel by channel. */
const group = 16;

/** `count` channels from `first` of one row of `ow` results. */
type Row = (out: Float32Array, to: number, channels: number, first: number, count: number, ow: number) => void;

/** By stride. Made once per realm (see once.ts). */
let loops: readonly Row[] | undefined;

/** Stride 1: a column ends one result, continues the next and begins the one after. */
const everyColumn = ({ a0, a1, a2, b0, b1, b2, c }: Panels): Row => {
  return (out, to, channels, first, count, ow) => {
    for (let k = first; k < first + count; k++) {
      const start = c[k]!;
      const w00 = b0[k]!;
      const w01 = b0[k + channels]!;
      const w02 = b0[k + 2 * channels]!;
      const w10 = b1[k]!;
      const w11 = b1[k + channels]!;
      const w12 = b1[k + 2 * channels]!;
      const w20 = b2[k]!;
      const w21 = b2[k + channels]!;
      const w22 = b2[k + 2 * channels]!;
      let i = (k + channels) | 0;
      let s0 = start + a0[k]! * w00 + a1[k]! * w10 + a2[k]! * w20 + a0[i]! * w01 + a1[i]! * w11 + a2[i]! * w21;
      let s1 = start + a0[i]! * w00 + a1[i]! * w10 + a2[i]! * w20;
      let t = (to + k) | 0;
      for (let x = 0; x < ow; x++) {
        i = (i + channels) | 0;
        const u0 = a0[i]!;
        const u1 = a1[i]!;
        const u2 = a2[i]!;
        out[t] = s0 + u0 * w02 + u1 * w12 + u2 * w22;
        s0 = s1 + u0 * w01 + u1 * w11 + u2 * w21;
        s1 = start + u0 * w00 + u1 * w10 + u2 * w20;
        t = (t + channels) | 0;
      }
    }
  };
};

/** Stride 2: every other column ends a result and begins the next. */
const everyOther = ({ a0, a1, a2, b0, b1, b2, c }: Panels): Row => {
  return (out, to, channels, first, count, ow) => {
    for (let k = first; k < first + count; k++) {
      const start = c[k]!;
      const w00 = b0[k]!;
      const w01 = b0[k + channels]!;
      const w02 = b0[k + 2 * channels]!;
      const w10 = b1[k]!;
      const w11 = b1[k + channels]!;
      const w12 = b1[k + 2 * channels]!;
      const w20 = b2[k]!;
      const w21 = b2[k + channels]!;
      const w22 = b2[k + 2 * channels]!;
      let i = k;
      let s0 = start + a0[k]! * w00 + a1[k]! * w10 + a2[k]! * w20;
      let t = (to + k) | 0;
      for (let x = 0; x < ow; x++) {
        i = (i + channels) | 0;
        s0 += a0[i]! * w01 + a1[i]! * w11 + a2[i]! * w21;
        i = (i + channels) | 0;
        const u0 = a0[i]!;
        const u1 = a1[i]!;
        const u2 = a2[i]!;
        out[t] = s0 + u0 * w02 + u1 * w12 + u2 * w22;
        s0 = start + u0 * w00 + u1 * w10 + u2 * w20;
        t = (t + channels) | 0;
      }
    }
  };
};

function plain(
  batch: number,
  channels: number,
  attrs: ConvAttrs,
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): () => void {
  const { input, output, kernel, stride, padding, dilation } = attrs;
  const sums = new Float64Array(channels);
  const taps = kernel[0] * kernel[1];
  return () => {
    let to = 0;
    for (let n = 0; n < batch; n++) {
      for (let oy = 0; oy < output[0]; oy++) {
        for (let ox = 0; ox < output[1]; ox++) {
          for (let k = 0; k < channels; k++) sums[k] = bias[k]!;
          for (let i = 0; i < kernel[0]; i++) {
            const y = oy * stride[0] + i * dilation[0] - padding[0];
            if (y < 0 || y >= input[0]) continue;
            for (let j = 0; j < kernel[1]; j++) {
              const xx = ox * stride[1] + j * dilation[1] - padding[1];
              if (xx < 0 || xx >= input[1]) continue;
              tap(sums, x, ((n * input[0] + y) * input[1] + xx) * channels, w, i * kernel[1] + j, taps, channels);
            }
          }
          for (let k = 0; k < channels; k++) out[to + k] = sums[k]!;
          to += channels;
        }
      }
    }
  };
}

function tap(
  sums: Float64Array,
  x: Float32Array,
  at: number,
  w: Float32Array,
  from: number,
  taps: number,
  channels: number,
): void {
  for (let k = 0; k < channels; k++) {
    sums[k]! += x[at + k]! * w[from]!;
    from += taps;
  }
}
