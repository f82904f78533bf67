import type { Prepare } from "@tatamijs/core/backend";
import { largestOf } from "../branchless.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";
import { spans } from "./pool2d.ts";

export const pool2dGrad: Prepare<"pool2dGrad", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [dy] }) => {
    const batch = dy!.shape[0]!;
    const channels = dy!.shape[3]!;
    const rows = spans(0, attrs);
    const columns = spans(1, attrs);
    const [h, w] = attrs.input;
    const [oh, ow] = attrs.output;
    const max = attrs.fn === "max";
    return {
      bind({ inputs, output }) {
        const from = f32(inputs[0]!);
        const x = max ? f32(inputs[1]!) : from;
        const to = f32(output);
        const down = rows.step * w * channels;
        const right = columns.step * channels;
        return () => {
          to.fill(0);
          let at = 0;
          for (let n = 0; n < batch; n++) {
            for (let oy = 0; oy < oh; oy++) {
              for (let ox = 0; ox < ow; ox++) {
                const corner = ((n * h + rows.first[oy]!) * w + columns.first[ox]!) * channels;
                const high = rows.inside[oy]!;
                const wide = columns.inside[ox]!;
                if (max) giveMost(to, x, corner, high, down, wide, right, channels, from, at);
                else
                  giveAll(
                    to,
                    corner,
                    high,
                    down,
                    wide,
                    right,
                    channels,
                    from,
                    at,
                    rows.counted[oy]! * columns.counted[ox]!,
                  );
                at += channels;
              }
            }
          }
        };
      },
    };
  });

/** To the first maximum of each window; a NaN is one. */
function giveMost(
  out: Float32Array,
  x: Float32Array,
  at: number,
  rows: number,
  down: number,
  columns: number,
  right: number,
  channels: number,
  dy: Float32Array,
  from: number,
): void {
  for (let c = 0; c < channels; c++) out[largestOf(x, at + c, rows, down, columns, right)]! += dy[from + c]!;
}

function giveAll(
  out: Float32Array,
  at: number,
  rows: number,
  down: number,
  columns: number,
  right: number,
  channels: number,
  dy: Float32Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = at + i * down + j * right;
      for (let c = 0; c < channels; c++) out[to + c]! += dy[from + c]! / count;
    }
  }
}
