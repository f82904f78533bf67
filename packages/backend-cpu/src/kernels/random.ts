import { mix, sizeOf, type Prepare } from "@tatamijs/core/backend";
import { f32, type CpuKernel } from "../kernel.ts";

export const random: Prepare<"random", CpuKernel> = ({ attrs: { seed, stream }, output }) => {
  const count = sizeOf(output.shape);
  const start = mix((mix((seed + 0x9e3779b9) | 0) + stream) | 0);
  return {
    bind({ inputs: [counter], output: out }) {
      const to = f32(out);
      return () => {
        const key = mix((start + counter![0]!) | 0);
        for (let i = 0; i < count; i++) to[i] = (mix(key ^ mix((i + 0x9e3779b9) | 0)) >>> 8) * 2 ** -24;
      };
    },
  };
};
