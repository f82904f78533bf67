import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";
import { mixes } from "./resize2d.ts";

/** The transpose of resize2d: each output's gradient goes back to what it mixed. Sums are taken in doubles. */
export const resize2dGrad: Prepare<"resize2dGrad", CpuKernel> = (call) =>
  throughF32(call, ({ attrs, inputs: [dy], output: { shape } }) => {
    const rows = mixes(0, attrs);
    const columns = mixes(1, attrs);
    const [h, w] = attrs.input;
    const [oh, ow] = attrs.output;
    const batch = dy!.shape[0]!;
    const channels = dy!.shape[3]!;
    const total = sizeOf(shape);
    return {
      scratch: total * 8,
      bind({ inputs, output, scratch }) {
        const from = f32(inputs[0]!);
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
  });

function add(sums: Float64Array, to: number, x: Float32Array, from: number, n: number, weight: number): void {
  for (let i = 0; i < n; i++) sums[to + i]! += x[from + i]! * weight;
}
