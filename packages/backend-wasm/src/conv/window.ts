/** A convolution as products over a map that has its padding: where windows begin, and what they are made of. */
import type { ConvAttrs, Geometry } from "@tatamijs/core/backend";
import type { Address, Io, Phase } from "../kernel.ts";
import type { Rows } from "../gemm/product.ts";

/** A map with what windows need around it. Negative borders crop. */
export interface Framed {
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  /** It is the map as it is: nothing to copy. */
  readonly asIs: boolean;
}

/** The rows and columns that windows reach, no more: padding and what is read, less what no window reads. */
export function frame({ input, kernel, output, stride, padding, dilation }: Geometry): Framed {
  const reach = (axis: 0 | 1): number => (output[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
  return framed(input, [reach(0), reach(1)], [padding[0], padding[1]]);
}

export function framed(
  input: readonly [number, number],
  reach: readonly [number, number],
  before: readonly [number, number],
): Framed {
  const [top, left] = before;
  const [height, width] = reach;
  // Windows that stay inside read the map where it lies.
  if (top === 0 && left === 0 && height <= input[0] && width <= input[1])
    return { height: input[0], width: input[1], top, left, asIs: true };
  return { height, width, top, left, asIs: false };
}

/** Bytes of the copy, 64-byte aligned, and room for the last vector. */
export function frameBytes({ height, width, asIs }: Framed, batch: number, channels: number): number {
  return asIs ? 0 : Math.ceil((batch * height * width * channels * 4 + 32) / 64) * 64;
}

/** The copy with its border. */
export function border(
  { height, width, top, left, asIs }: Framed,
  from: Address,
  to: Address,
  batch: number,
  input: readonly [number, number],
  channels: number,
): Phase[] {
  if (asIs) return [];
  const args = [from, to, ...input, height, width, channels, top, left];
  const grain = Math.max(1, Math.floor(8192 / (width * channels)));
  return [{ code: "border", units: batch * height, grain, args }];
}

/** Windows of a map of `channels` channels, `count` of which are read. `at`: the first channel that is. */
export function windows(
  io: Io,
  at: Address,
  { height, width }: Framed,
  batch: number,
  channels: number,
  count: number,
  { output, stride, kernel, dilation }: Pick<ConvAttrs, "output" | "stride" | "kernel" | "dilation">,
): Rows {
  const [oh, ow] = output;
  const key = [batch, height, width, channels, oh, ow, ...stride].join();
  const places = io.table(`windows ${key}`, () => {
    const offsets = new Int32Array(batch * oh * ow);
    let i = 0;
    for (let n = 0; n < batch; n++)
      for (let y = 0; y < oh; y++)
        for (let x = 0; x < ow; x++)
          offsets[i++] = ((n * height + y * stride[0]) * width + x * stride[1]) * channels * 4;
    return offsets;
  });
  // A row of the filter over all channels is one run.
  const whole = count === channels && dilation[1] === 1;
  const across = whole ? 1 : kernel[1];
  const length = whole ? kernel[1] * channels : count;
  const starts = Array.from({ length: kernel[0] * across }, (_, t) => {
    const [fy, fx] = [Math.floor(t / across), t % across];
    return (fy * dilation[0] * width + fx * dilation[1]) * channels;
  });
  return { at, places, runs: skips(io, starts, length), count: starts.length, length };
}

/** Runs as a product reads them: from the end of one to the start of the next. `starts` in floats. */
export function skips(io: Io, starts: readonly number[], length: number): Address {
  return io.table(`skips ${length} ${starts.join()}`, () =>
    Int32Array.from(starts, (start, t) => (t === 0 ? start : start - starts[t - 1]! - length) * 4),
  );
}
