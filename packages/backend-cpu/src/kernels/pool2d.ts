import type { PoolAttrs, Prepare } from "@tatamijs/core/backend";
import { largestOf } from "../branchless.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

export const pool2d: Prepare<"pool2d", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [x] }) => {
    const batch = x!.shape[0]!;
    const channels = x!.shape[3]!;
    const pool = attrs.fn === "max" ? maxOf : meanOf;
    const rows = spans(0, attrs);
    const columns = spans(1, attrs);
    const [h, w] = attrs.input;
    const [oh, ow] = attrs.output;
    return {
      bind({ inputs, output }) {
        const from = f32(inputs[0]!);
        const to = f32(output);
        const down = rows.step * w * channels;
        const right = columns.step * channels;
        return () => {
          let at = 0;
          for (let n = 0; n < batch; n++) {
            for (let oy = 0; oy < oh; oy++) {
              for (let ox = 0; ox < ow; ox++) {
                const corner = ((n * h + rows.first[oy]!) * w + columns.first[ox]!) * channels;
                const count = rows.counted[oy]! * columns.counted[ox]!;
                pool(to, at, from, corner, rows.inside[oy]!, down, columns.inside[ox]!, right, channels, count);
                at += channels;
              }
            }
          }
        };
      },
    };
  });

/** Windows along one axis: where each begins inside the input, how many of its elements lie there, how many count. */
export interface Spans {
  readonly step: number;
  readonly first: Int32Array;
  readonly inside: Int32Array;
  readonly counted: Int32Array;
}

export function spans(
  axis: 0 | 1,
  { input, kernel, output, stride, padding, dilation, countIncludePad }: PoolAttrs,
): Spans {
  const [size, before, after, step] = [input[axis], padding[axis], padding[axis + 2]!, dilation[axis]];
  const made: Spans = {
    step,
    first: new Int32Array(output[axis]),
    inside: new Int32Array(output[axis]),
    counted: new Int32Array(output[axis]),
  };
  for (let o = 0; o < output[axis]; o++) {
    let first = -1;
    for (let i = 0; i < kernel[axis]; i++) {
      const at = o * stride[axis] - before + i * step;
      if (at >= 0 && at < size) {
        if (first < 0) first = at;
        made.inside[o]!++;
      }
      // What sticks out beyond the padding (rounding "ceil") is never counted.
      if (countIncludePad ? at < size + after : at >= 0 && at < size) made.counted[o]!++;
    }
    made.first[o] = Math.max(first, 0);
  }
  return made;
}

type Pool = (
  out: Float32Array,
  to: number,
  x: Float32Array,
  at: number,
  rows: number,
  down: number,
  columns: number,
  right: number,
  channels: number,
  count: number,
) => void;

const maxOf: Pool = (out, to, x, at, rows, down, columns, right, channels) => {
  for (let c = 0; c < channels; c++) out[to + c] = x[largestOf(x, at + c, rows, down, columns, right)]!;
};

const meanOf: Pool = (out, to, x, at, rows, down, columns, right, channels, count) => {
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      let from = (at + c + i * down) | 0;
      for (let j = 0; j < columns; j++) {
        sum += x[from]!;
        from = (from + right) | 0;
      }
    }
    out[to + c] = sum / count;
  }
};
