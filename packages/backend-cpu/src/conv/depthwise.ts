/**
 * Depthwise convolution: each channel has its own window and no other.
 *
 * 3×3 with columns next to each other has its own loop: four pixels of a row at once, channel by channel. The three input
 * rows and the filter rows lie in three panels each, so that three loads share an index (see gemm/panels.ts), and each
 * filter value serves four pixels. Any other window takes the plain loop.
 */
import type { ConvAttrs } from "@tatamijs/core/backend";
import { aThird, panels } from "../gemm/panels.ts";
import { once } from "../once.ts";

export function isDepthwise(channels: number, filters: number, { groups }: ConvAttrs): boolean {
  return groups > 1 && groups === channels && filters === channels;
}

export function depthwise(
  batch: number,
  channels: number,
  attrs: ConvAttrs,
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array | undefined,
  out: Float32Array,
): () => void {
  const [fh, fw] = attrs.kernel;
  const [, ow] = attrs.output;
  const step = attrs.stride[1];
  const width = Math.max(attrs.padding[1] + attrs.input[1], (ow - 1) * step + 3);
  const fits = width * channels <= aThird && 3 * channels <= aThird;
  const start = bias ?? new Float32Array(channels);
  const special = fh === 3 && fw === 3 && attrs.dilation[1] === 1 && ow >= 4 && fits && step <= 2;
  return special ? rows3(batch, channels, attrs, x, w, start, out, width) : plain(batch, channels, attrs, x, w, start, out);
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
): () => void {
  const { a0, a1, a2, b0, b1, b2, c } = panels();
  const rows = [a0, a1, a2];
  const run = quad();
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
        for (let ox = 0; ; ox += 4) {
          // The last four may overlap the ones before.
          if (ox > ow - 4) ox = ow - 4;
          run(out, to + ox * channels, ox * sw * channels, channels, sw * channels, 0);
          if (ox === ow - 4) break;
        }
      }
    }
  };
}

/** Four pixels, `step` elements apart in the panels, from p; all channels. */
type Quad = (out: Float32Array, to: number, p: number, channels: number, step: number, never: number) => void;

const quad: () => Quad = once(() => {
  const { a0, a1, a2, b0, b1, b2, c } = panels();
  return (out, to, p, channels, step, never) => {
    for (let k = 0; k < channels; k++) {
      const start = c[k]!;
      let s0 = start;
      let s1 = start;
      let s2 = start;
      let s3 = start;
      let at = (p + k) | 0;
      let q = k;
      for (let j = 0; j < 3; j++) {
        const w0 = b0[q]!;
        const w1 = b1[q]!;
        const w2 = b2[q]!;
        let i = at;
        s0 += a0[i]! * w0;
        s0 += a1[i]! * w1;
        s0 += a2[i]! * w2;
        if (never === -1) break;
        i = (i + step) | 0;
        s1 += a0[i]! * w0;
        s1 += a1[i]! * w1;
        s1 += a2[i]! * w2;
        if (never === -2) break;
        i = (i + step) | 0;
        s2 += a0[i]! * w0;
        s2 += a1[i]! * w1;
        s2 += a2[i]! * w2;
        if (never === -3) break;
        i = (i + step) | 0;
        s3 += a0[i]! * w0;
        s3 += a1[i]! * w1;
        s3 += a2[i]! * w2;
        at = (at + channels) | 0;
        q = (q + channels) | 0;
      }
      let t = (to + k) | 0;
      out[t] = s0;
      out[(t = (t + channels) | 0)] = s1;
      out[(t = (t + channels) | 0)] = s2;
      out[(t + channels) | 0] = s3;
    }
  };
});

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

function tap(sums: Float64Array, x: Float32Array, at: number, w: Float32Array, from: number, taps: number, channels: number): void {
  for (let k = 0; k < channels; k++) {
    sums[k]! += x[at + k]! * w[from]!;
    from += taps;
  }
}
