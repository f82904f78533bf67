/** Filters of a convolution as its gradient takes them: windows turned by 180°, filters and channels exchanged. */
import type { Pack } from "@tatamijs/core/backend";
import { f32, type CpuKernel } from "../kernel.ts";
import type { ConvSize } from "./size.ts";

export type Turn = (to: Float32Array, w: Float32Array) => void;

/** For each group, w [O, FH, FW, I] → [I, FH, FW, O]; `size` is the gradient's, of which O are the channels. */
export function turner({ channels, filters, attrs: { kernel, groups } }: ConvSize): Turn {
  const taps = kernel[0] * kernel[1];
  const from = channels / groups;
  const into = filters / groups;
  return (to, w) => {
    for (let g = 0, at = 0; g < groups; g++) {
      const start = at;
      for (let o = 0; o < from; o++) {
        for (let t = taps - 1; t >= 0; t--) {
          for (let i = 0; i < into; i++) to[start + (i * taps + t) * from + o] = w[at++]!;
        }
      }
    }
  };
}

export function turnedFilters({ channels, filters, attrs: { kernel, groups } }: ConvSize, turn: Turn): Pack {
  const count = (kernel[0] * kernel[1] * channels * filters) / groups;
  const packing: CpuKernel = {
    bind({ inputs: [w], output }) {
      const to = new Float32Array(output.buffer, output.byteOffset, count);
      return () => turn(to, f32(w!));
    },
  };
  return { input: 1, key: "f32-turned", bytes: Math.ceil(count / 2) * 8, kernel: packing };
}
